import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { dropUnusedStyle } from '../../../../src/site/policy/integration.ts';
import { addPolicy, writeHeaderPolicy, writePolicy } from '../../../../src/site/policy/policy.ts';

const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
const page = (body: string) =>
  `<!doctype html><html><head><meta charset="utf-8"/><title>x</title></head><body>${body}</body></html>`;

test('inline scripts and styles are listed by hash, each once', () => {
  const policy = writePolicy(
    page('<script>let a = 1;</script><script type="module">let a = 1;</script><style>p{color:red}</style>'),
    [],
  );
  assert.equal(policy.split(hash('let a = 1;')).length, 2);
  assert.ok(policy.includes(hash('p{color:red}')));
});

test('data blocks and files are not listed, whatever stands in their attributes', () => {
  const policy = writePolicy(
    page(
      '<script type="application/json">{"a":1}</script><script src="/a.js"></script><script data-x="a > b" type="module">go()</script>',
    ),
    [],
  );
  assert.ok(!policy.includes(hash('{"a":1}')) && !policy.includes(hash('')));
  assert.ok(policy.includes(hash('go()')));
});

test('the policy names the hosts of the registry and nothing else', () => {
  const connect = (hosts: string[]) => /connect-src ([^;]*)/.exec(writePolicy(page(''), hosts))?.[1];
  assert.equal(connect([]), "'self'");
  assert.equal(connect(['https://huggingface.co/a/b', 'huggingface.co']), "'self' https://huggingface.co");
  assert.throws(() => writePolicy(page(''), ['http://insecure.example']), /https/);
});

test('no policy allows eval or foreign scripts', () => {
  for (const policy of [writePolicy(page(''), []), writeHeaderPolicy([])]) {
    assert.doesNotMatch(policy, /'unsafe-eval'|\*|http:|upgrade-insecure-requests/);
    assert.match(policy, /'wasm-unsafe-eval'/);
    assert.match(policy, /worker-src 'self' blob:/);
  }
  assert.doesNotMatch(writePolicy(page(''), []), /script-src[^;]*'unsafe-inline'|frame-ancestors/);
});

test('the policy stands before everything that it governs', () => {
  const html = addPolicy(page('<script>1</script>'), [], 'x.html');
  assert.match(
    html,
    /<meta charset="utf-8"\/><meta http-equiv="content-security-policy" content="[^"]*"\/><title>/,
  );
});

test('a page that the policy would break is refused with the reason', () => {
  assert.throws(
    () => addPolicy(page('<button onclick="go()">x</button>'), [], 'a.html'),
    /a\.html.*onclick/s,
  );
  assert.throws(() => addPolicy(page('<a href="javascript:go()">x</a>'), [], 'a.html'), /javascript:/);
  assert.throws(() => addPolicy('<html></html>', [], 'a.html'), /charset/);
  assert.doesNotThrow(() =>
    addPolicy(page('<p title="a onclick=b">on = 1</p><script>el.onclick = go;</script>'), [], 'a.html'),
  );
});

test('the formula style sheet stays only where a formula stands', () => {
  const link = '<link rel="stylesheet" href="/k.css" data-formulas/>';
  assert.equal(dropUnusedStyle(`${link}<p>no</p>`), '<p>no</p>');
  const formula = `${link}<span class="katex-display"><span class="katex">x</span></span>`;
  assert.equal(dropUnusedStyle(formula), formula);
});
