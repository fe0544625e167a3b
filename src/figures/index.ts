/** The figures by the name of their tag in MDX. Adding one is a line here and a folder beside this file. */
import ResnetLens from './resnet-lens/ResnetLens.astro';

export const figures = { ResnetLens };
