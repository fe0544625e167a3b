/** Marks, across the one reload that threads need, that the reader had started a network. */

const resumeFlag = 'thaw.lens';

/** Sets the mark; false where storage is refused. */
export function markResume(): boolean {
  try {
    sessionStorage.setItem(resumeFlag, '1');
    return true;
  } catch {
    return false;
  }
}

/** Takes the mark away. */
export function forgetResume(): void {
  try {
    sessionStorage.removeItem(resumeFlag);
  } catch {
    // Storage refused: there is nothing to forget
  }
}
