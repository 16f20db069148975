/** One language of a snippet, as the code block takes it. */
export interface CodeSample { label: string; code: string }

/** Stands where a key belongs, until there is one to show. */
export const KEY_PLACEHOLDER = 'YOUR_API_KEY';

/** A string as it is written in JavaScript and Python. */
const quoted = (text: string): string => JSON.stringify(text);
/** A string between single quotes in a shell. */
const shell = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

interface Target { baseUrl: string; key: string; question: string }

/** Calls in OpenAI's format: any client that speaks it works once its base address is changed. */
export const openAiSamples = ({ baseUrl, key, question }: Target): readonly CodeSample[] => [
  {
    label: 'curl',
    code: `curl ${shell(`${baseUrl}/v1/chat/completions`)} \\
  -H ${shell(`Authorization: Bearer ${key}`)} \\
  -H 'Content-Type: application/json' \\
  -d ${shell(JSON.stringify({ messages: [{ role: 'user', content: question }] }))}`,
  },
  {
    label: 'JavaScript',
    code: `import OpenAI from 'openai';

const client = new OpenAI({
  baseURL: ${quoted(`${baseUrl}/v1`)},
  apiKey: ${quoted(key)},
});

const answer = await client.chat.completions.create({
  model: 'default',
  messages: [{ role: 'user', content: ${quoted(question)} }],
});
console.log(answer.choices[0].message.content);`,
  },
  {
    label: 'Python',
    code: `from openai import OpenAI

client = OpenAI(
    base_url=${quoted(`${baseUrl}/v1`)},
    api_key=${quoted(key)},
)

answer = client.chat.completions.create(
    model="default",
    messages=[{"role": "user", "content": ${quoted(question)}}],
)
print(answer.choices[0].message.content)`,
  },
];

/** One call, one answer: for programs that do not hold a conversation. */
export const runSamples = ({ baseUrl, key, question }: Target): readonly CodeSample[] => [
  {
    label: 'curl',
    code: `curl ${shell(`${baseUrl}/v1/runs`)} \\
  -H ${shell(`Authorization: Bearer ${key}`)} \\
  -H 'Content-Type: application/json' \\
  -d ${shell(JSON.stringify({ input: { query: question } }))}`,
  },
  {
    label: 'JavaScript',
    code: `const response = await fetch(${quoted(`${baseUrl}/v1/runs`)}, {
  method: 'POST',
  headers: {
    authorization: ${quoted(`Bearer ${key}`)},
    'content-type': 'application/json',
  },
  body: JSON.stringify({ input: { query: ${quoted(question)} } }),
});
if (!response.ok) throw new Error(await response.text());
const { output, citations } = await response.json();`,
  },
  {
    label: 'Python',
    code: `import requests

response = requests.post(
    ${quoted(`${baseUrl}/v1/runs`)},
    headers={"Authorization": ${quoted(`Bearer ${key}`)}},
    json={"input": {"query": ${quoted(question)}}},
    timeout=60,
)
response.raise_for_status()
print(response.json()["output"])`,
  },
];

/** The same as the first, piece by piece as it is written. */
export const streamSamples = ({ baseUrl, key, question }: Target): readonly CodeSample[] => [
  {
    label: 'curl',
    code: `curl -N ${shell(`${baseUrl}/v1/chat/completions`)} \\
  -H ${shell(`Authorization: Bearer ${key}`)} \\
  -H 'Content-Type: application/json' \\
  -d ${shell(JSON.stringify({ stream: true, messages: [{ role: 'user', content: question }] }))}`,
  },
  {
    label: 'JavaScript',
    code: `const stream = await client.chat.completions.create({
  model: 'default',
  stream: true,
  messages: [{ role: 'user', content: ${quoted(question)} }],
});
for await (const chunk of stream) {
  process.stdout.write(chunk.choices[0]?.delta?.content ?? '');
}`,
  },
  {
    label: 'Python',
    code: `stream = client.chat.completions.create(
    model="default",
    stream=True,
    messages=[{"role": "user", "content": ${quoted(question)}}],
)
for chunk in stream:
    if chunk.choices:
        print(chunk.choices[0].delta.content or "", end="")`,
  },
];
