// Goes through the pages as people do: journeys.cjs CHROMIUM PROGRAM FOLDER. Screenshots go to FOLDER/shots.
"use strict";
const { spawn } = require("node:child_process");
const { createServer } = require("node:http");
const { existsSync, mkdirSync, readFileSync, rmSync } = require("node:fs");
const path = require("node:path");
const assert = require("node:assert/strict");
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

const [, , executablePath, program, folder] = process.argv;
const shots = path.join(folder, "shots");
rmSync(shots, { recursive: true, force: true });
mkdirSync(shots, { recursive: true });
let looked = 0;

async function look(page, what) {
  const found = await page.evaluate(`${axe}; axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] })
    .then((result) => result.violations.map((one) => [one.id, one.nodes.slice(0, 3).map((node) => node.html + " " + node.failureSummary)]))`);
  assert.deepEqual(found, [], `${what}: ${JSON.stringify(found, null, 1)}`);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.ok(wide <= 0, `${what}: the page scrolls sideways by ${wide}`);
  looked += 1;
}

async function shoot(page, name) {
  for (const width of [320, 768, 1280]) {
    for (const colorScheme of ["light", "dark"]) {
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme });
      if (width === 320 || colorScheme === "light") await look(page, `${name} ${width} ${colorScheme}`);
      await page.screenshot({ path: path.join(shots, `${name}-${width}-${colorScheme}.png`), fullPage: true });
    }
  }
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.emulateMedia({ colorScheme: "light" });
}

// Does something that leads to another page, and waits until that is there.
async function turned(page, how) {
  await page.evaluate(() => { document.body.dataset.old = "yes"; });
  await how();
  await page.waitForFunction(() => document.body && !document.body.dataset.old && document.querySelector("main h1"));
}

function serve() {
  return new Promise((resolve, fail) => {
    const child = spawn(program, ["serve", "--port", "0", "--no-open"], { stdio: ["ignore", "ignore", "pipe"] });
    let said = "";
    child.stderr.on("data", (data) => {
      said += data;
      const address = /http:\/\/[0-9.:]+\//.exec(said);
      if (address) resolve({ child, address: address[0] });
    });
    child.on("exit", () => fail(new Error(said)));
  });
}

// A web server that knows nothing but files, under a path of its own.
function files(root, under) {
  const kinds = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".gz": "application/octet-stream" };
  const server = createServer((request, response) => {
    const name = new URL(request.url, "http://x").pathname.slice(under.length) || "index.html";
    const file = path.join(root, path.basename(name));
    if (request.method !== "GET" || !existsSync(file)) { response.writeHead(404); response.end(); return; }
    response.writeHead(200, { "content-type": kinds[path.extname(file)] });
    response.end(readFileSync(file));
  });
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve({ server, address: `http://127.0.0.1:${server.address().port}${under}` }));
  });
}

// From a vague idea to a report in fifteen steps.
async function idea(page, address, { act = async () => {}, name = "idea", pictures = false } = {}) {
  const errors = [];
  page.on("pageerror", (error) => errors.push(String(error)));
  page.on("console", (message) => {
    // A browser asks for an icon of its own accord, and the pages have none.
    const icon = message.location().url.endsWith("/favicon.ico");
    if (message.type() === "error" && !icon) errors.push(message.text());
  });
  let steps = 0;
  const step = async (what, how) => {
    steps += 1;
    await how();
    await page.waitForSelector("form#plan main h1");
    await act(page, `${name} ${steps} ${what}`);
    if (pictures) await shoot(page, `${String(steps).padStart(2, "0")}-${what}`);
  };
  const click = (value) => page.locator(`main button[value="${value}"], aside button[value="${value}"]`).first().click();
  const press = (value) => turned(page, () => click(value));
  await page.goto(address);
  await page.waitForSelector("form:not(:has(fieldset.waits:disabled))");
  if (pictures) await shoot(page, "00-start");
  await step("begin", async () => {
    await page.getByLabel("Elective abroad", { exact: true }).check();
    await page.locator('select[name="f:/program/discipline"]').selectOption("health");
    await turned(page, () => page.locator('button[value="new"]').click());
  });
  await step("program", async () => {
    await page.locator('[name="f:/program/title"]').fill("Élective à Nairobi – السودان");
    await page.locator('[name="f:/program/duration_years"]').fill("3");
    await press("go:at:/partners");
  });
  await step("partner-one", async () => press("add:/partners"));
  await step("partner-two", async () => {
    await page.locator('[name="f:/partners/0/name"]').fill("Umeå <b>University</b>");
    await page.locator('[name="f:/partners/0/country"]').fill("Sweden");
    await press("next");
    await press("add:/partners");
  });
  await step("flows", async () => {
    await page.locator('[name="f:/partners/1/name"]').fill("Nairobi");
    await page.locator('[name="f:/partners/1/country"]').fill("Kenya");
    await press("go:at:/flows");
  });
  await step("flow", async () => press("add:/flows"));
  await step("wrong", async () => {
    await page.locator('[name="f:/flows/0/n_per_year"]').fill("a few");
    await press("next");
    await page.waitForSelector("[role=alert]");
  });
  await step("question", async () => {
    await page.locator('[name="f:/flows/0/from"]').selectOption("p1");
    await page.locator('[name="f:/flows/0/to"]').selectOption("p2");
    await page.locator('[name="f:/flows/0/n_per_year"]').fill("4");
    await page.locator('[name="f:/flows/0/weeks"]').fill("6");
    await press("go:ask");
  });
  await step("left-open", async () => press("leave"));
  await step("next-question", async () => press("leave"));
  await step("host", async () => press("go:at:/host"));
  await step("trial", async () => {
    await page.locator('[name="f:/host/need"]').last().check();
    await press("try");
  });
  await step("review", async () => press("go:review"));
  await step("hand-in", async () => press("go:hand-in"));
  const [download] = await Promise.all([page.waitForEvent("download"), click("download:html")]);
  steps += 1;
  assert.equal(steps, 15);
  const report = readFileSync(await download.path(), "utf8");
  assert.ok(report.includes("Élective à Nairobi – السودان") && report.includes("<h1>"), report.slice(0, 300));
  const [saved] = await Promise.all([page.waitForEvent("download"), click("save")]);
  const text = readFileSync(await saved.path(), "utf8");
  assert.ok(text.includes("country: SE") && text.includes("Umeå <b>University</b>") && text.includes("weeks: 6"), text);
  assert.deepEqual(errors.filter((error) => !error.includes("422")), []);
}

async function typing(page, address) {
  await page.goto(`${address}plan.html`);
  await page.waitForSelector("form#plan:not(:has(fieldset.waits:disabled))");
  const input = page.locator('[name="f:/program/title"]');
  await input.fill("While I type");
  const years = page.locator('[name="f:/program/duration_years"]');
  await years.pressSequentially("soon", { delay: 20 });
  await page.waitForFunction(() => document.getElementById("ef.program.duration_years").textContent !== "");
  assert.equal(await years.inputValue(), "soon");
  assert.ok(await years.evaluate((node) => node === document.activeElement && node.getAttribute("aria-invalid") === "true"));
  await years.fill("4");
  await page.waitForFunction(() => document.getElementById("ef.program.duration_years").textContent === "");
  await look(page, "while typing");
  // The tab is closed, and the person comes back.
  await page.goto(address);
  await page.waitForSelector("#drafts:not([hidden]) button");
  await look(page, "drafts");
  await page.locator("#drafts button").first().click();
  await page.waitForSelector("form#plan main h1");
  assert.equal(await page.locator('[name="f:/program/title"]').inputValue(), "While I type");
}

// Everything by the keyboard: tab to a thing, and press a key.
async function keyboard(page, address) {
  const to = async (selector) => {
    for (let count = 0; count < 400; count += 1) {
      if (await page.evaluate((wanted) => document.activeElement?.matches(wanted), selector)) return;
      await page.keyboard.press("Tab");
    }
    throw new Error(`${selector} is not reached by the keyboard`);
  };
  await page.goto(address);
  await to('input[type="checkbox"]');
  await page.keyboard.press("Space");
  await to('button[value="new"]');
  await page.keyboard.press("Enter");
  await page.waitForSelector("form#plan");
  await to('[name="f:/program/title"]');
  await page.keyboard.type("By keyboard");
  await page.keyboard.press("Enter");
  await page.waitForLoadState();
  await page.waitForFunction(() => document.querySelector('[name="source"]').value.includes("By keyboard"));
  await to('button[value="go:at:/partners"]');
  await page.keyboard.press("Enter");
  await page.waitForSelector('button[value="add:/partners"]');
  await to('button[value="add:/partners"]');
  await page.keyboard.press("Enter");
  await page.waitForSelector('[name="f:/partners/0/name"]');
}

async function open(page, address) {
  await page.goto(address);
  await page.waitForSelector("form:not(:has(fieldset.waits:disabled))");
  await page.setInputFiles("#file", { name: "broken.yaml", mimeType: "text/plain", buffer: Buffer.from("program:\n  title: [\n") });
  await page.locator('button[value="open"]').click();
  await page.waitForSelector("[role=alert]");
  await look(page, "broken file");
  assert.equal(await page.locator("#text").inputValue(), "program:\n  title: [\n");
}

(async () => {
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  const { child, address } = await serve();
  try {
    const fresh = (options) => browser.newContext({ acceptDownloads: true, locale: "en-GB", ...options });
    let context = await fresh();
    await idea(await context.newPage(), address, { act: look, pictures: true });
    await typing(await context.newPage(), address);
    await open(await context.newPage(), address);
    for (const tag of ["es", "fr"]) {
      const page = await context.newPage();
      await page.goto(`${address}plan.${tag}.html`);
      await look(page, tag);
      await page.goto(`${address}index.${tag}.html`);
      await shoot(page, `start-${tag}`);
    }
    const example = await context.newPage();
    await example.goto(address);
    await example.locator('button[value="example:surgical-camp"]').click();
    await example.waitForSelector("form#plan");
    await shoot(example, "example");
    await example.locator('button[value="go:text"]').first().click();
    await example.waitForSelector("#text");
    await shoot(example, "text");
    await context.close();
    console.log("from an idea to a report, typing, a broken file, languages: fine");

    context = await fresh({ javaScriptEnabled: false });
    const plain = await context.newPage();
    await plain.goto(address);
    context.setDefaultTimeout(20000);
    await withoutScript(plain, address);
    await context.close();
    console.log("without JavaScript: fine");

    context = await fresh();
    await keyboard(await context.newPage(), address);
    // The server goes away in mid-typing: nothing is lost.
    const lone = await context.newPage();
    await lone.goto(`${address}plan.html`);
    await lone.route("**/plan.html", (route) => route.abort());
    await lone.locator('[name="f:/program/title"]').fill("Kept");
    await lone.waitForSelector("#notice-gone");
    await look(lone, "server gone");
    assert.equal(await lone.locator('[name="f:/program/title"]').inputValue(), "Kept");
    await context.close();
    console.log("by keyboard, and without a server: fine");

    if (existsSync(path.join(folder, "app.wasm.gz"))) {
      const site = await files(path.join(folder, "site"), "/some/path/");
      context = await fresh();
      const page = await context.newPage();
      await idea(page, site.address, { name: "site" });
      assert.ok(await page.evaluate(() => navigator.serviceWorker.controller !== null));
      await context.setOffline(true);
      await new Promise((resolve) => { site.server.close(resolve); site.server.closeAllConnections(); });
      const offline = await context.newPage();
      await idea(offline, site.address, { act: look, name: "offline" });
      await context.close();
      console.log("from files, then without a network: fine");

      context = await fresh();
      const single = await context.newPage();
      await idea(single, `file://${path.join(folder, "evenhand.html")}`, { act: look, name: "single" });
      await context.close();
      console.log("from one file: fine");
    }
    console.log(`axe-core looked at ${looked} pages and found nothing`);
  } finally {
    child.removeAllListeners("exit");
    child.kill();
    await browser.close();
  }
})().catch((error) => { console.error(error); process.exit(1); });

// The same buttons, without a script.
async function withoutScript(page, address) {
  const go = async (selector) => {
    await Promise.all([page.waitForNavigation(), page.locator(selector).first().click()]);
  };
  await page.goto(address);
  await page.locator('input[value="outbound_elective"]').check();
  await go('button[value="new"]');
  await page.locator('[name="f:/program/title"]').fill("Without script");
  await go('main button[value="next"]');
  await go('button[value="go:ask"]');
  await go('button[value="leave"]');
  await go('button[value="undo"]');
  await go('nav button[value="go:hand-in"]');
  const [download] = await Promise.all([page.waitForEvent("download"), page.locator('button[value="download:json"]').click()]);
  assert.equal(JSON.parse(readFileSync(await download.path(), "utf8")).proposal.file, "plan.yaml");
  await go('button[formaction="plan.es.html"]');
  assert.ok((await page.content()).includes('lang="es"'));
  await page.goto(address);
  await page.setInputFiles("#file", { name: "mine.yaml", mimeType: "text/plain", buffer: Buffer.from("program:\r\n  title: Mine\r\n") });
  await go('button[value="open"]');
  assert.ok((await page.content()).includes("Mine"));
}
