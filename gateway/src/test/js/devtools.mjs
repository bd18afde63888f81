// Opens Chromium's own DevTools, has them import a HAR as their Network panel does, and prints for
// each request, on a line of its own, what the panel shows of it: {"url", "tabs": [...], "rows":
// [{"eventName", "data", "time"}]}, rows being those of the EventStream tab.
import { readFileSync } from 'node:fs';
import { chromium } from 'playwright-core';

const [executablePath, har] = process.argv.slice(2);

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
  await page.goto('devtools://devtools/bundled/devtools_app.html');
  const shown = await page.evaluate(async text => {
    const load = module => import(new URL(module, location.href).href);
    const { HARFormat, Importer } = await load('./models/har/har.js');
    const { NetworkItemView } = await load('./panels/network/network.js');
    const { NetworkTransferTimeCalculator } = await load(
      './models/network_time_calculator/network_time_calculator.js',
    );
    const log = new HARFormat.HARRoot(JSON.parse(text)).log;
    return Importer.Importer.requestsFromHARLog(log).map(request => {
      const calculator = new NetworkTransferTimeCalculator();
      const view = new NetworkItemView.NetworkItemView(request, calculator);
      view.markAsRoot();
      view.show(document.body);
      const tabs = view.tabIds();
      view.detach();
      const rows = request
        .eventSourceMessages()
        .map(({ eventName, data, time }) => ({ eventName, data, time }));
      return { url: request.url(), tabs, rows };
    });
  }, readFileSync(har, 'utf8'));
  shown.forEach(request => console.log(JSON.stringify(request)));
} finally {
  await browser.close();
}
