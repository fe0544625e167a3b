"""What the site's tokenizers are compared with: the `tokenizers` library, asked for Unicode's classes and for answers to thousands of lines."""
