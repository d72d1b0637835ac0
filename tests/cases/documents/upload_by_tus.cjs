// The official client: uploads a file in chunks, is closed after the first ones, goes on from the address it was told.
const fs = require("fs");
const tus = require("tus-js-client");

const asked = JSON.parse(fs.readFileSync(0, "utf8"));
const content = Buffer.from(asked.content, "base64");
const options = {
  endpoint: asked.endpoint,
  headers: { Authorization: `Bearer ${asked.token}` },
  metadata: { case_id: asked.case_id, filename: asked.name, filetype: asked.type },
  chunkSize: asked.chunk,
  retryDelays: null,
};

function run(more) {
  return new Promise((resolve, reject) => {
    const seen = [];
    const upload = new tus.Upload(content, {
      ...options,
      ...more,
      onProgress: (sent) => seen.push(sent),
      onChunkComplete: (size, accepted) => {
        if (more.stopAt && accepted >= more.stopAt && accepted < content.length) {
          upload.abort().then(() => resolve({ url: upload.url, accepted, seen }));
        }
      },
      onError: (error) => reject(error),
      onSuccess: () => resolve({ url: upload.url, accepted: content.length, seen }),
    });
    upload.start();
  });
}

(async () => {
  const first = await run({ stopAt: asked.chunk });
  const second = await run({ uploadUrl: first.url });
  const ended = await run({ stopAt: asked.chunk, metadata: { ...options.metadata, filename: "ended.txt" } });
  await tus.Upload.terminate(ended.url, options);
  process.stdout.write(JSON.stringify({ first, second, ended }));
})().catch((error) => {
  process.stderr.write(String(error));
  process.exit(1);
});
