// Runs Lighthouse over pages in one Chromium. Usage: node lighthouse.mjs CHROMIUM ORIGIN RUNS FLAGS ADDRESS…
// FLAGS is a JSON list for the browser. Prints one JSON object: address, form factor, the scores of each category over all
// runs, and the audits of the first run that are not perfect.
import puppeteer from "puppeteer-core";
import lighthouse, { desktopConfig } from "lighthouse";

const [executablePath, origin, runs, flags, ...addresses] = process.argv.slice(2);
const CATEGORIES = ["performance", "accessibility", "best-practices", "seo"];
const RETRIES = 2;
// Our pages load nothing after the load event; Lighthouse's own patience is for pages that do.
const PATIENCE = { pauseAfterFcpMs: 200, pauseAfterLoadMs: 200, networkQuietThresholdMs: 300, cpuQuietThresholdMs: 300 };

const browser = await puppeteer.launch({ executablePath, headless: true, args: JSON.parse(flags) });

async function once(url, config, onlyCategories) {
  let last;
  for (let attempt = 0; attempt <= RETRIES; attempt++) {
    const page = await browser.newPage();
    try {
      const options = { onlyCategories, disableFullPageScreenshot: true, logLevel: "silent", ...PATIENCE };
      const { lhr } = await lighthouse(url, options, config, page);
      last = lhr;
      if (onlyCategories.every((name) => lhr.categories[name].score !== null)) return lhr;
    } finally {
      await page.close();
    }
  }
  return last; // a score of null is reported as it is, and judged as a failure
}

function imperfect(lhr) {
  return Object.values(lhr.categories).flatMap((category) =>
    category.auditRefs
      .filter((ref) => ref.weight > 0 && lhr.audits[ref.id].score !== null && lhr.audits[ref.id].score < 1)
      .map((ref) => `${ref.id}: ${lhr.audits[ref.id].displayValue ?? lhr.audits[ref.id].title}`),
  );
}

const results = [];
try {
  for (const address of addresses) {
    for (const form of ["mobile", "desktop"]) {
      const config = form === "desktop" ? desktopConfig : undefined;
      const scores = Object.fromEntries(CATEGORIES.map((name) => [name, []]));
      let notes = [];
      for (let run = 0; run < Number(runs); run++) {
        // Only what takes time can differ from one run to the next; the other categories are read once.
        const lhr = await once(origin + address, config, run ? ["performance"] : CATEGORIES);
        for (const [name, category] of Object.entries(lhr.categories)) scores[name].push(category.score);
        if (!run) notes = imperfect(lhr);
      }
      results.push({ address, form, scores, notes });
    }
  }
} finally {
  await browser.close();
}
console.log(JSON.stringify(results));
