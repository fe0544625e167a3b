/** The part of nspell 2.1 that we use; the package brings no types. */
declare module 'nspell' {
  interface Spell {
    correct: (word: string) => boolean;
    suggest: (word: string) => string[];
  }
  export default function nspell(aff: Uint8Array, dic: Uint8Array): Spell;
}
