import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readLabelled } from '../../../../src/data/sentences/labelled.ts';
import { readCsv } from '../../../../src/data/sentences/read-csv.ts';

test('CSV as spreadsheets write it', () => {
  const cases: [string, string[][]][] = [
    ['', []],
    [
      'a,b\n1,2',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'a,b\r\n1,2\r\n',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    ['\ufeffa\n"x, ""y""\nz"\n', [['a'], ['x, "y"\nz']]],
    [
      'a,b\n\n,\n',
      [
        ['a', 'b'],
        ['', ''],
      ],
    ],
    ['a\n"open', [['a'], ['open']]],
    ['5" screen,good', [['5" screen', 'good']]],
    ['مرحبا,😀', [['مرحبا', '😀']]],
  ];
  for (const [text, rows] of cases) assert.deepEqual(readCsv(text), rows, JSON.stringify(text));
});

test('labelled sentences: columns by name, labels in any case', () => {
  assert.deepEqual(readLabelled('id,Sentence,LABEL\n7, Good soup. ,Positive\n8,"Cold, bad.",negative\n'), [
    { sentence: 'Good soup.', label: 'positive' },
    { sentence: 'Cold, bad.', label: 'negative' },
  ]);
});

test('a table that is none says what is missing', () => {
  const cases: [string, RegExp][] = [
    ['', /no column "label"; it has none/],
    ['sentence\nGood.', /no column "label"; it has sentence/],
    ['label,text\npositive,Good.', /no column "sentence"; it has label, text/],
    ['label,sentence\npositive,', /Row 1 has no sentence/],
    [
      'label,sentence\npositive,Good.\ngreat,Bad.',
      /Row 2 has the label "great"; expected negative or positive/,
    ],
  ];
  for (const [text, message] of cases)
    assert.throws(() => readLabelled(text), { code: 'bad-input', message }, JSON.stringify(text));
});
