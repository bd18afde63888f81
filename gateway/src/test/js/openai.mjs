// Streams answers through OpenAI's SDK, one after the other, and prints what it makes of each on a
// line of its own: {"message": ...} or {"error": {"status": ..., "text": ...}}.
import OpenAI from 'openai';

const [url, count, api] = process.argv.slice(2);
const client = new OpenAI({ baseURL: url + '/v1', apiKey: 'sk-planted-0123456789', maxRetries: 0 });

async function ask() {
  if (api === 'responses') {
    return client.responses.stream({ model: 'gpt-test', input: 'Hello' }).finalResponse();
  }
  const messages = [{ role: 'user', content: 'Hello' }];
  return client.chat.completions.stream({ model: 'gpt-test', messages }).finalChatCompletion();
}

for (let i = 0; i < Number(count); i++) {
  try {
    console.log(JSON.stringify({ message: await ask() }));
  } catch (error) {
    console.log(JSON.stringify({ error: { status: error.status ?? 0, text: String(error) } }));
  }
}
