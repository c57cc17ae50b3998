// Looks at HTML reports with axe-core in Chromium: node axe.js CHROMIUM FOLDER
const { chromium } = require("playwright-core");
const fs = require("fs");
const path = require("path");

const axe = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const [executablePath, folder] = process.argv.slice(2);
const args = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync",
];

async function violations(page) {
  return page.evaluate(async (source) => {
    // The page's own policy forbids scripts; this one is run by the browser's tools.
    (0, eval)(source);
    const found = await window.axe.run(document, { resultTypes: ["violations"] });
    return found.violations.map((one) => `${one.id} (${one.impact}): ${one.nodes.length} × ${one.nodes[0].html.slice(0, 120)}`);
  }, axe);
}

(async () => {
  const browser = await chromium.launch({ executablePath, args });
  let wrong = 0;
  const say = (text) => { console.error(text); wrong += 1; };

  const sample = await browser.newPage();
  await sample.setContent('<!doctype html><html><body><img src="data:,"><a href="#"></a></body></html>');
  if ((await violations(sample)).length === 0) say("axe-core accepts a broken sample");
  await sample.close();

  const files = fs.readdirSync(folder).filter((name) => name.endsWith(".html")).sort();
  for (const file of files) {
    for (const colorScheme of ["light", "dark"]) {
      for (const width of [320, 1280]) {
        const context = await browser.newContext({ bypassCSP: true, colorScheme, viewport: { width, height: 800 } });
        const page = await context.newPage();
        const asked = [];
        page.on("request", (request) => { if (!request.url().startsWith("file:") ) asked.push(request.url()); });
        await page.goto("file://" + path.join(folder, file));
        await page.evaluate(() => document.querySelectorAll("details").forEach((fold) => { fold.open = true; }));
        const where = `${file}, ${colorScheme}, ${width} px`;
        for (const found of await violations(page)) say(`${where}: ${found}`);
        const sideways = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        if (sideways > 0) say(`${where}: the page scrolls sideways by ${sideways} px`);
        const dead = await page.evaluate(() => [...document.querySelectorAll('a[href^="#"]')]
          .map((link) => link.getAttribute("href").slice(1)).filter((id) => !document.getElementById(id)));
        if (dead.length > 0) say(`${where}: links that lead nowhere: ${dead.slice(0, 5)}`);
        if (asked.length > 0) say(`${where}: asks the network for ${asked[0]}`);
        await context.close();
      }
    }
  }
  await browser.close();
  if (files.length === 0) say("there are no reports");
  console.log(`axe-core: ${files.length} reports, ${wrong} complaints`);
  process.exit(wrong ? 1 : 0);
})().catch((error) => { console.error(error); process.exit(1); });
