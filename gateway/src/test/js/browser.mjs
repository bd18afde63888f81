// Opens a page in Chromium whose network is a HAR, lets it fetch what a file lists ([{"method",
// "url", "body"?}]), and prints for each, on a line of its own, what the page got: {"status", "type",
// "body": base64} or {"failed": ...}.
import { readFileSync } from 'node:fs';
import { chromium } from 'playwright-core';

const [executablePath, har, list] = process.argv.slice(2);
const asked = JSON.parse(readFileSync(list, 'utf8'));

const browser = await chromium.launch({
  executablePath,
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
});
try {
  const page = await browser.newPage();
  await page.routeFromHAR(har, { notFound: 'abort' });
  // The page is of the API's own origin, so that no request is preceded by a question about another.
  const home = new URL('/', asked[0].url).href;
  await page.route(home, route => route.fulfill({ contentType: 'text/html', body: '<p>page' }));
  await page.goto(home);
  for (const request of asked) {
    const got = await page.evaluate(async ({ method, url, body }) => {
      try {
        const headers = body === undefined ? {} : { 'content-type': 'application/json' };
        const response = await fetch(url, { method, headers, body });
        const bytes = new Uint8Array(await response.arrayBuffer());
        const text = Array.from(bytes, byte => String.fromCharCode(byte)).join('');
        const type = response.headers.get('content-type') ?? '';
        return { status: response.status, type, body: btoa(text) };
      } catch (error) {
        return { failed: String(error) };
      }
    }, request);
    console.log(JSON.stringify(got));
  }
} finally {
  await browser.close();
}
