// Reads a JSON array of FHIR R4 resources from standard input; prints the independent validator's result for each.
const { Fhir } = require("fhir");

const chunks = [];
process.stdin.on("data", (chunk) => chunks.push(chunk));
process.stdin.on("end", () => {
  const validator = new Fhir();
  const resources = JSON.parse(Buffer.concat(chunks).toString("utf8"));
  const results = resources.map((resource) => validator.validate(resource, { errorOnUnexpected: true }));
  process.stdout.write(JSON.stringify(results));
});
