import { GATEWAY_PORT, IDP_PORT } from './programs.js';

const API = `http://localhost:${GATEWAY_PORT}/api/web/v1`;
const PRINTER = '0b0db90a-6091-416f-8559-2f2181e941c3';
const JOB_ID = `grep -o '[a-f0-9-]\\{36\\}' | head -1`;

/** A fresh access token of one of the demo's users. */
export async function tokenOf(username: string): Promise<string> {
  const form = { grant_type: 'urn:idaas-print-gateway:dev-login', client_id: 'demo-page', username };
  const response = await fetch(`http://localhost:${IDP_PORT}/token`, {
    method: 'POST',
    body: new URLSearchParams(form),
  });
  return ((await response.json()) as { access_token: string }).access_token;
}

/** What to paste into another terminal, in the project's folder. */
export function instructions(operator: string, viewer: string): string {
  const as = (token: string) => `-H 'Authorization: Bearer ${token}'`;
  const printing = `-H 'Content-Type: application/json' -d @apps/demo/sample-card.json ${API}/printers/${PRINTER}/print`;
  const printJob = `JOB=$(curl -s ${as(operator)} ${printing} | ${JOB_ID}); echo "$JOB"`;
  const job = `${API}/printers/print/$JOB`;
  return [
    ['Print the sample card (olga, a card operator); the answer names the job:', printJob],
    [
      'Read its status until it is COMPLETED:',
      `until curl -s ${as(operator)} ${job} | tee /dev/stderr | grep -q COMPLETED; do sleep 1; done; echo`,
    ],
    ['Read the print counts:', `curl -s ${as(operator)} ${API}/printcounts; echo`],
    ['Print another and cancel it (204):', `${printJob}; curl -s -i -X DELETE ${as(operator)} ${job}`],
    ['Refused with 403: victor may look, but not print:', `curl -s -i ${as(viewer)} ${printing}; echo`],
  ]
    .map(([title, line]) => `# ${title}\n${line}\n`)
    .join('\n');
}
