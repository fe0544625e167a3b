/** Comma-separated values (RFC 4180), as spreadsheets and people write them. */

/**
 * The rows of a CSV text, each a list of fields; empty lines are left out. Quotes hold commas, line ends and, doubled, quotes. A
 * byte order mark is passed over. A quote that is never closed ends with the text: what follows it is one field.
 */
export function readCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let field = '';
  let isQuoted = false;
  const endField = () => {
    row.push(field);
    field = '';
  };
  const endRow = () => {
    endField();
    if (row.length > 1 || row[0] !== '') rows.push(row);
    row = [];
  };
  for (let at = text.startsWith('\ufeff') ? 1 : 0; at < text.length; at++) {
    const sign = text[at];
    if (isQuoted) {
      if (sign !== '"') field += sign;
      else if (text[at + 1] === '"') {
        field += '"';
        at += 1;
      } else isQuoted = false;
    } else if (sign === '"' && field === '') isQuoted = true;
    else if (sign === ',') endField();
    else if (sign === '\n') endRow();
    else if (sign !== '\r' || text[at + 1] !== '\n') field += sign;
  }
  endRow();
  return rows;
}
