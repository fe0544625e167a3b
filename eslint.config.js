import tseslint from 'typescript-eslint';
import astro from 'eslint-plugin-astro';

/** The floors of the house (docs/decisions/0001-floors.md): imports point down only. */
const floors = [
  {
    files: 'src/{engine,data,text}/**/*.ts',
    forbidden: ['labs', 'figures', 'site', 'pages'],
    alsoNo: ['d3', 'd3-*', 'astro', 'astro:*', 'onnxruntime-*'],
  },
  // The one door to onnxruntime is in this folder
  {
    files: 'src/engine/runtime/**/*.ts',
    forbidden: ['labs', 'figures', 'site', 'pages'],
    alsoNo: ['d3', 'd3-*', 'astro', 'astro:*'],
  },
  {
    files: 'src/labs/**/*.ts',
    forbidden: ['figures', 'site', 'pages'],
    alsoNo: ['d3', 'd3-*', 'astro', 'astro:*', 'onnxruntime-*'],
  },
  {
    files: 'src/figures/**/view*.ts',
    forbidden: ['engine', 'labs', 'pages'],
    alsoNo: ['onnxruntime-*', 'astro', 'astro:*'],
  },
  { files: 'src/figures/kit/**/*.ts', forbidden: ['labs', 'pages'], alsoNo: ['onnxruntime-*'] },
];

const restrict = ({ forbidden, alsoNo }) => [
  'error',
  {
    patterns: [
      ...forbidden.map((floor) => ({
        regex: `(^|/)\\.\\./(.*/)?${floor}/`,
        message: `Imports point down the floors: this file may not import from src/${floor}.`,
      })),
      { group: alsoNo, message: 'This floor does not use that package; see docs/decisions/0001-floors.md.' },
    ],
  },
];

const withoutDocument = Object.entries({
  document: 'The computation floor runs in Node too: pass what you need in as a port.',
  window: 'The computation floor runs in Node too: pass what you need in as a port.',
  localStorage: 'The computation floor stores through a port.',
}).map(([name, message]) => ({ name, message }));

export default tseslint.config(
  {
    ignores: [
      'dist/',
      '.astro/',
      'node_modules/',
      'bench/node_modules/',
      'public/',
      '.cache/',
      'training/',
      '**/*.d.ts',
    ],
  },
  {
    files: ['**/*.ts'],
    // Scripts inside .astro files have no place in the TypeScript project; astro check reads them
    ignores: ['**/*.astro/*.ts'],
    extends: [...tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname } },
    rules: {
      'max-lines': ['error', { max: 300, skipBlankLines: false, skipComments: false }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      // Indexing is typed without `undefined` (numeric code would drown in checks), so these rules would forbid sound guards
      '@typescript-eslint/no-unnecessary-condition': 'off',
      // querySelector-like functions let the caller name the element's type
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      // node:test's describe/it return promises that its own runner awaits
      '@typescript-eslint/no-floating-promises': [
        'error',
        {
          allowForKnownSafeCalls: [
            { from: 'package', name: ['test', 'it', 'describe', 'suite'], package: 'node:test' },
          ],
        },
      ],
    },
  },
  {
    files: ['src/{engine,data,text}/**/*.ts'],
    rules: { 'no-restricted-globals': ['error', ...withoutDocument] },
  },
  ...floors.map((floor) => ({ files: [floor.files], rules: { 'no-restricted-imports': restrict(floor) } })),
  // element.ts knows both sides; only the worker opens the door to the runtime
  {
    files: ['src/**/*.ts'],
    ignores: floors.map(({ files }) => files),
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: ['onnxruntime-*'],
              message: 'There is one door to the runtime: src/engine/runtime/worker.ts.',
            },
          ],
        },
      ],
    },
  },
  // Tests reach into small DOMs and JSON whose shapes they assert themselves
  {
    files: ['tests/**/*.ts', 'scripts/**/*.ts'],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
    },
  },
  ...astro.configs.recommended,
);
