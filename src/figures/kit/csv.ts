/** Comma-separated values (RFC 4180), for a spreadsheet. */

/** The rows, headings among them, as the text of a file. */
export function csvText(rows: readonly (readonly (string | number)[])[]): string {
  return rows.map((row) => `${row.map(quote).join(',')}\r\n`).join('');
}

/** Quotes what needs it, and puts a ' before what a spreadsheet would take for a formula: names in a file are anybody's. */
function quote(cell: string | number): string {
  if (typeof cell === 'number') return String(cell);
  const safe = /^[\s]*[=+\-@]/.test(cell) || /^[\t\r\n]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
