// Judges security headers: MDN's Observatory over a running server, Google's evaluator over policies given as arguments.
// Usage: node headers.mjs HOSTNAME POLICY…   Prints one JSON object.
import { createRequire } from "node:module";
import { scan } from "@mdn/mdn-http-observatory/src/scanner/index.js";

const require = createRequire(import.meta.url);
const { CspEvaluator } = require("csp_evaluator");
const { CspParser } = require("csp_evaluator/dist/parser.js");
const { Severity } = require("csp_evaluator/dist/finding.js");

const [hostname, ...policies] = process.argv.slice(2);
const { scan: result, tests } = await scan(hostname);
const failed = Object.entries(tests)
  .filter(([, test]) => !test.pass)
  .map(([name, test]) => `${name}: ${test.scoreDescription} (${test.scoreModifier})`);
const findings = policies.map((policy) =>
  new CspEvaluator(new CspParser(policy).csp)
    .evaluate()
    .map(({ severity, directive, value, description }) => ({ severity: Severity[severity], directive, value, description })),
);
console.log(JSON.stringify({ score: result.score, grade: result.grade, failed, findings }));
