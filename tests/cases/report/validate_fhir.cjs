// Reads FHIR R4 JSON from standard input, prints the independent validator's messages as JSON.
const { Fhir } = require("fhir");
const { ParseConformance } = require("fhir/parseConformance");

const chunks = [];
process.stdin.on("data", (chunk) => chunks.push(chunk));
process.stdin.on("end", () => {
  const resource = JSON.parse(Buffer.concat(chunks).toString("utf8"));
  const result = new Fhir().validate(resource, { errorOnUnexpected: true });
  process.stdout.write(JSON.stringify(result));
});
