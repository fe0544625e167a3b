"""What the language recipes share: text, word pieces, transformers, their training, export and measurement."""
