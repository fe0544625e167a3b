/** The course's sentences in the page: they come with the code of the live part. */
import films from '../../data/sentences/films.csv?raw';
import phones from '../../data/sentences/phones.csv?raw';
import restaurants from '../../data/sentences/restaurants.csv?raw';
import software from '../../data/sentences/software.csv?raw';
import { readLabelled } from '../../data/sentences/labelled.ts';
import type { Library } from '../../labs/sentiment/examples.ts';

/** The four domains. */
export function readSentences(): Library {
  return {
    films: readLabelled(films),
    restaurants: readLabelled(restaurants),
    phones: readLabelled(phones),
    software: readLabelled(software),
  };
}
