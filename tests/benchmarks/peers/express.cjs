// The stack that the product replaces: express and pg. Same token check, rows and audit row as ../raw.py, two processes.
// With BENCH_EQUAL_WORK (../equal_work.py): the product's own statement, which asks whose cases these are and writes the
// audit row in the same transaction, its fields, and what is sealed opened by AES-256-GCM.
"use strict";
const cluster = require("node:cluster");
const { createDecipheriv, createHash, createPublicKey, randomUUID } = require("node:crypto");
const { readFileSync } = require("node:fs");
const express = require("express");
const { jwtVerify } = require("jose");
const { Pool } = require("pg");

const AUDIT =
  "INSERT INTO cases_auditentry (id, at, action, outcome, purpose, actor_kind, actor_id, actor_roles, patient_id," +
  " object_type, request_id, detail) VALUES" +
  " ($1, $2, 'express', 'success', '', 'user', $3, 'patient', $3, 'case', '', '{}')";
const COLUMNS =
  "SELECT id, reference, state, version, specialty, urgency, title_sealed, created_at, updated_at FROM cases_case";

function serve() {
  const key = createPublicKey(readFileSync(process.env.BENCH_SIGNING_KEY));
  const pool = new Pool({
    connectionString: process.env.DATABASE_URL,
    max: 4,
    options: "-c search_path=cases,public",
  });
  const known = new Map();
  const app = express();
  app.disable("x-powered-by");
  app.disable("etag");

  app.use(async (request, response, next) => {
    try {
      const token = (request.headers.authorization || "").slice(7);
      const digest = createHash("sha256").update(token).digest("base64");
      if (!known.has(digest)) {
        const { payload } = await jwtVerify(token, key, { algorithms: ["ES256"], audience: "second-opinion-api" });
        known.set(digest, payload.sub);
      }
      request.user = known.get(digest);
      next();
    } catch (error) {
      response.status(401).json({ title: "Not signed in" });
    }
  });

  const line = (row) => ({
    id: row.id,
    reference: row.reference,
    state: row.state,
    version: row.version,
    specialty: row.specialty,
    urgency: row.urgency,
    title: row.title_sealed.toString("hex", 0, 16),
    created_at: row.created_at,
    updated_at: row.updated_at,
  });

  const answer = (name, text, values) => async (request, response, next) => {
    const client = await pool.connect().catch(next);
    if (!client) return;
    try {
      await client.query({ name: "audit", text: AUDIT, values: [randomUUID(), new Date(), request.user] });
      const found = await client.query({ name, text, values: values(request) });
      response.json({ results: found.rows.map(line) });
    } catch (error) {
      next(error);
    } finally {
      client.release();
    }
  };
  if (process.env.BENCH_EQUAL_WORK) {
    serveEqually(app, pool, JSON.parse(readFileSync(process.env.BENCH_EQUAL_WORK)));
    app.listen(Number(process.env.PORT), "127.0.0.1").keepAliveTimeout = 75000;
    return;
  }
  app.get(
    "/cases",
    answer("list", `${COLUMNS} WHERE patient_id = $1 ORDER BY id DESC LIMIT 26`, (request) => [request.user]),
  );
  app.get(
    "/cases/:id",
    answer("one", `${COLUMNS} WHERE id = $1 AND patient_id = $2`, (request) => [request.params.id, request.user]),
  );
  app.listen(Number(process.env.PORT), "127.0.0.1").keepAliveTimeout = 75000;
}

function serveEqually(app, pool, work) {
  const secret = Buffer.from(work.key.secret, "hex");
  const open = (table, column, id, sealed) => {
    if (sealed.readUInt32BE(0) !== work.key.version) throw new Error("sealed with another key");
    const cipher = createDecipheriv("aes-256-gcm", secret, sealed.subarray(4, 16));
    cipher.setAAD(Buffer.from(`${table}\x1f${column}\x1f${id}\x1f${work.key.version}`));
    cipher.setAuthTag(sealed.subarray(-16));
    return cipher.update(sealed.subarray(16, -16), undefined, "utf8") + cipher.final("utf8");
  };
  const line = (row) => {
    const shown = {};
    for (const name of work.line) shown[name] = row[name];
    shown.title = open("cases_case", "title", row.id, row.title_sealed);
    shown.relation = "owner";
    return Object.assign(shown, work.standing[`${row.state} ${row.on_hold}`]);
  };
  const page = (row) => {
    const shown = line(row);
    for (const name of work.progress) shown[name] = row[name];
    shown.open_questions = Number(row.open_questions);
    shown.patient_id = row.patient_id;
    shown.intake = JSON.parse(open("cases_case", "intake", row.id, row.intake_sealed));
    shown.questions = (row.question_ids || []).map((id, index) => ({
      number: row.numbers[index],
      text: open("cases_question", "text", id, row.texts[index]),
    }));
    shown.question_count = shown.questions.length;
    shown.locked = [];
    return shown;
  };
  const answer = (name, statement, made) => async (request, response, next) => {
    const given = { me: request.user, now: new Date(), audit_at: new Date(), case: request.params.id };
    const values = statement.names.map((one) => (one in given ? given[one] : statement.values[one]));
    try {
      const { rows } = await pool.query({ name, text: statement.text, values });
      response.json(made(rows));
    } catch (error) {
      next(error);
    }
  };
  app.get("/cases", answer("list", work.list, (rows) => ({ results: rows.slice(0, 25).map(line) })));
  app.get("/cases/:id", answer("one", work.page, (rows) => page(rows[0])));
}

if (cluster.isPrimary) {
  for (let number = 0; number < 2; number += 1) cluster.fork();
  process.on("SIGTERM", () => process.exit(0));
} else {
  serve();
}
