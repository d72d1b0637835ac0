// A second opinion by openapi-fetch on the types that openapi-typescript makes of our document: its own program, as a
// client's developer would write one. It speaks with the test that started it by lines of JSON (see backstage.py).

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import createClient, { type Client } from "openapi-fetch";
import type { components, paths } from "./schema.js";

type Schemas = components["schemas"];
type Api = Client<paths>;
type Login = { email: string; password: string; professional_id?: string };

const [baseUrl, folder] = process.argv.slice(2) as [string, string];
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const QUESTIONS = ["Is warfarin still the right medicine for me?", "Could my medicines explain the bleeding?"];

async function ask<T>(order: string, ...words: string[]): Promise<T> {
  process.stdout.write(JSON.stringify([order, ...words]) + "\n");
  return JSON.parse((await lines.next()).value as string) as T;
}

/** What was asked for; a problem document ends the program with its words. */
async function ok<T>(answer: Promise<{ data?: T; error?: Schemas["Problem"]; response: Response }>): Promise<T> {
  const { data, error, response } = await answer;
  assert.ok(error === undefined, `${response.url} ${error?.code}: ${error?.detail} ${JSON.stringify(error?.errors)}`);
  assert.ok(data !== undefined, `${response.url} ${response.status}`);
  return data;
}

/** The version that was read, for the change that follows. */
async function tag(answer: Promise<{ error?: Schemas["Problem"]; response: Response }>): Promise<{ "If-Match": string }> {
  const { error, response } = await answer;
  assert.ok(error === undefined, `${response.url} ${error?.code}: ${error?.detail}`);
  return { "If-Match": response.headers.get("ETag") ?? "" };
}

function api(token?: string): Api {
  return createClient<paths>({ baseUrl, headers: token ? { Authorization: `Bearer ${token}` } : {} });
}

const visitor = api();

async function signIn({ email, password }: Login): Promise<Api> {
  let answer = await ok(visitor.POST("/api/v1/auth/login", { body: { email, password } }));
  if ("pending_token" in answer) {
    const body = { pending_token: answer.pending_token, code: await ask<string>("code") };
    answer = await ok(visitor.POST("/api/v1/auth/second-factor", { body }));
  }
  assert.ok("access" in answer);
  return api(answer.access);
}

async function register(): Promise<Api> {
  const email = "maria.by.typescript@example.org";
  const password = "seven quiet rivers under snow";
  const person = { full_name: "Maria Keller", date_of_birth: "1961-04-17", sex: "female", country: "DE" } as const;
  await ok(visitor.POST("/api/v1/auth/register", { body: { email, password, ...person } }));
  const token = await ask<string>("token", email);
  await ok(visitor.POST("/api/v1/auth/verify-email", { body: { token, password } }));
  const patient = await signIn({ email, password });
  const header = await tag(patient.GET("/api/v1/profile/me"));
  const profile = { phone: "+49 30 5550123", time_zone: "Europe/Berlin" } as const;
  await ok(patient.PUT("/api/v1/profile/me", { params: { header }, body: profile }));
  const mine = await ok(patient.GET("/api/v1/profile/me"));
  assert.deepEqual([mine.full_name, mine.email_verified], ["Maria Keller", true]);
  return patient;
}

async function openCase(patient: Api): Promise<string> {
  for (const purpose of ["service", "sharing", "ai_processing", "release"] as const)
    await ok(patient.POST("/api/v1/consents", { body: { purpose, text_version: "1" } }));
  const draft = {
    params: { header: { "Idempotency-Key": crypto.randomUUID() } },
    body: {
      title: "Bleeding on warfarin",
      questions: QUESTIONS,
      diagnosis: { text: "Atrial fibrillation with bleeding", icd10: "I48.9" },
      proposed_treatment: { text: "Continue warfarin and amiodarone" },
      history: "Tired since spring, dark stools for two weeks.",
      medicines: [{ name: "Warfarin", dose: "5 mg", frequency: "once daily" }],
      allergies: [{ substance: "Penicillin", reaction: "rash" }],
      treating_clinician: { name: "Dr. Weber", organisation: "City Hospital" },
      country: "DE",
    },
  };
  const opened = await ok(patient.POST("/api/v1/cases", draft));
  const again = await ok(patient.POST("/api/v1/cases", draft));
  assert.equal(opened.id, again.id, "the same key is the same case");
  const path = { case_id: opened.id };
  const header = await tag(patient.GET("/api/v1/cases/{case_id}", { params: { path } }));
  await ok(patient.PUT("/api/v1/cases/{case_id}", { params: { path, header }, body: { language: "en" } }));
  const late = await patient.PUT("/api/v1/cases/{case_id}", { params: { path, header }, body: { language: "de" } });
  assert.equal(late.error?.status, 412, "nobody writes over what they have not read");
  const page = await ok(patient.GET("/api/v1/cases", { params: { query: { limit: 10 } } }));
  assert.deepEqual([page.results.map((row) => row.id), page.next], [[opened.id], null]);
  return opened.id;
}

async function upload(patient: Api, caseId: string): Promise<string> {
  const bytes = readFileSync(`${folder}/report.pdf`);
  const form = new FormData();
  form.set("case_id", caseId);
  form.set("file", new File([bytes], "report.pdf", { type: "application/pdf" }));
  const bodySerializer = () => form;
  const body = { case_id: caseId, file: "report.pdf" };
  const { id } = await ok(patient.POST("/api/v1/documents/upload", { body, bodySerializer }));
  await ask("work");
  const path = { document_id: id };
  const document = await ok(patient.GET("/api/v1/documents/{document_id}", { params: { path } }));
  assert.deepEqual([document.state, document.page_count], ["ACCEPTED", 1]);
  const asBytes = { params: { path }, parseAs: "arrayBuffer" } as const;
  const original = await ok(patient.GET("/api/v1/documents/{document_id}/original", asBytes));
  assert.ok(bytes.equals(Buffer.from(original)));
  return id;
}

async function main(): Promise<void> {
  const told = await ask<Record<"specialist" | "nurse" | "coordinator", Login>>("people");
  const [specialist, nurse, coordinator] = [
    await signIn(told.specialist),
    await signIn(told.nurse),
    await signIn(told.coordinator),
  ];
  const patient = await register();
  const case_id = await openCase(patient);
  const document_id = await upload(patient, case_id);
  const params = { path: { case_id } };
  const state = async () => (await ok(patient.GET("/api/v1/cases/{case_id}", { params }))).state;

  const read = async (by: Api) => ({ ...params, header: await tag(by.GET("/api/v1/cases/{case_id}", { params })) });

  const said = await read(patient);
  const early = await patient.PATCH("/api/v1/cases/{case_id}/status", { params: said, body: { to: "SIGNED" } });
  assert.equal(early.error?.status, 409);
  await ok(patient.PATCH("/api/v1/cases/{case_id}/status", { params: said, body: { to: "SUBMITTED" } }));
  await ask("work");
  await ask("done", "submit");

  const data = {
    urgency: "soon",
    specialty: "internal_medicine",
    service_type: "written_opinion",
    red_flag_check: "none",
    legal_basis: "licence",
  } as const;
  await ok(nurse.PATCH("/api/v1/cases/{case_id}/status", { params: await read(nurse), body: { to: "T06", data } }));
  const professional_id = told.specialist.professional_id ?? "";
  const found = await ok(coordinator.GET("/api/v1/cases/{case_id}/candidates", { params }));
  assert.ok(found.candidates.some((one) => one.professional_id === professional_id));
  await ok(coordinator.POST("/api/v1/cases/{case_id}/assign", { params, body: { professional_id } }));
  const coi_attestation = {
    knows_patient: false,
    treated_patient: false,
    relation_to_clinician: false,
    referrer_or_payer: false,
    therapy_maker: false,
  };
  await ok(specialist.POST("/api/v1/cases/{case_id}/accept", { params, body: { coi_attestation } }));
  assert.equal(await state(), "IN_REVIEW");
  await ask("done", "assign");

  await ok(patient.POST("/api/v1/cases/{case_id}/messages", { params, body: { text: "May I eat before the test?" } }));
  await ok(specialist.POST("/api/v1/cases/{case_id}/messages", { params, body: { text: "Yes, you may." } }));
  const messages = await ok(patient.GET("/api/v1/cases/{case_id}/messages", { params }));
  assert.deepEqual(new Set(messages.results.map((one) => one.side)), new Set(["patient", "specialist"]));

  const page = { params: { path: { document_id, number: 1 } }, parseAs: "arrayBuffer" } as const;
  const picture = await ok(specialist.GET("/api/v1/documents/{document_id}/pages/{number}.webp", page));
  assert.equal(Buffer.from(picture).subarray(0, 4).toString(), "RIFF");
  const impression = { impression: "Over-anticoagulation; medicines interact.", confidence: 70 };
  await ok(specialist.POST("/api/v1/cases/{case_id}/first-read", { params, body: impression }));
  const { findings } = await ok(specialist.GET("/api/v1/insights/{case_id}", { params }));
  assert.ok(findings.length > 0);
  for (const { id, version } of findings) {
    const params = { path: { finding_id: id }, header: { "If-Match": `"${version}"` } };
    const decision = { params, body: { decision: "accept" } } as const;
    const decided = await ok(specialist.POST("/api/v1/analysis/findings/{finding_id}/decision", decision));
    assert.equal(decided.decision, "accepted");
    const late = await specialist.POST("/api/v1/analysis/findings/{finding_id}/decision", decision);
    assert.equal(late.error?.code, "version_mismatch");
  }
  await ask("work");
  await ok(
    specialist.PUT("/api/v1/cases/{case_id}/opinion/draft", {
      params: { ...params, header: { "If-Match": '"1"' } },
      body: {
        summary: "The bleeding is explained by an INR of 3.8 together with ibuprofen.",
        answers: [
          { question: 1, answer: "Pause it now." },
          { question: 2, answer: "Yes, they can." },
        ],
        diagnosis_agreement: "agree",
        treatment_agreement: "agree",
        clinical_impact: "none",
        confidence: 85,
        confidence_would_change: "The endoscopy report.",
        plan: "Repeat potassium and INR today.",
        do_nothing: "Further bleeding is likely.",
        limitations: "Records of one hospital only.",
        plain_language: "Your blood is too thin. Your doctors should look into your stomach soon.",
      },
    }),
  );
  const opinion = "/api/v1/cases/{case_id}/opinion";
  const { content_hash } = await ok(specialist.POST(opinion, { params, body: { action: "submit" } }));
  const signed = await ok(specialist.POST(opinion, { params, body: { action: "sign", content_hash } }));
  assert.ok(signed.signed_at);
  await ask("work");
  await ask("done", "opinion");

  assert.equal(await state(), "DELIVERED");
  const report = await ok(
    patient.GET("/api/v1/cases/{case_id}/report.pdf", { params, parseAs: "arrayBuffer", headers: { Accept: "*/*" } }),
  );
  assert.equal(Buffer.from(report).subarray(0, 5).toString(), "%PDF-");
  const bundle = await ok(patient.GET("/api/v1/cases/{case_id}/report.fhir.json", { params }));
  assert.equal(bundle["resourceType"], "Bundle");
  const { pdf_sha256 } = await ok(patient.GET("/api/v1/cases/{case_id}/report", { params }));
  const proof = await ok(visitor.POST("/api/v1/report-verifications", { body: { sha256: pdf_sha256 } }));
  assert.equal(proof.standing, "valid");
  const notices = await ok(patient.GET("/api/v1/notifications", { params: { query: { unread: true } } }));
  assert.ok(notices.results.some((one) => one.kind === "report_ready"));
  await ask("work");
  assert.equal(await state(), "FOLLOW_UP");

  const question = { question: "When may I take it again?" };
  const asked = await ok(patient.POST("/api/v1/cases/{case_id}/follow-up-questions", { params, body: question }));
  await ok(
    specialist.POST("/api/v1/cases/{case_id}/follow-up-questions/{follow_up_id}/answer", {
      params: { path: { case_id, follow_up_id: asked.id } },
      body: { answer: "In two weeks, if the INR allows." },
    }),
  );
  const { questions } = await ok(patient.GET("/api/v1/cases/{case_id}/follow-up-questions", { params }));
  assert.deepEqual(questions.map((one) => one.answer), ["In two weeks, if the INR allows."]);
  await ok(patient.POST("/api/v1/cases/{case_id}/rating", { params, body: { score: 5 } }));
  await ask("done", "follow_up");
  process.exit(0);
}

await main();
