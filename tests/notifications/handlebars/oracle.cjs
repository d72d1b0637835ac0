// Renders templates with handlebars.js: one JSON a line in, {source, values: [...], html}; one a line out, {texts} or {error}.
const handlebars = require("handlebars");
const utils = require("handlebars/dist/cjs/handlebars/utils");
const lines = require("readline").createInterface({ input: process.stdin });
const escaped = utils.escapeExpression;
// For plain text. handlebars.js's own noEscape would add numbers that stand beside one another: 4 and 2 became 6.
const plain = (value) => (value == null ? "" : `${value}`);
handlebars.logger.log = () => {};
lines.on("line", (line) => {
  const { source, values, html } = JSON.parse(line);
  let answer;
  try {
    utils.escapeExpression = html ? escaped : plain;
    const template = handlebars.compile(source);
    answer = { texts: values.map((each) => template(each)) };
  } catch (error) {
    answer = { error: String(error.message).slice(0, 200) };
  }
  console.log(JSON.stringify(answer));
});
