// Streams messages through Anthropic's SDK, one after the other, and prints what it makes of each
// on a line of its own: {"message": ...} or {"error": {"status": ..., "text": ...}}.
import Anthropic from '@anthropic-ai/sdk';

const [url, count] = process.argv.slice(2);
const client = new Anthropic({ baseURL: url, apiKey: 'sk-ant-planted-0123456789', maxRetries: 0 });

for (let i = 0; i < Number(count); i++) {
  try {
    const stream = client.messages.stream({
      model: 'claude-test-1',
      max_tokens: 1024,
      messages: [{ role: 'user', content: 'Hello' }],
    });
    console.log(JSON.stringify({ message: await stream.finalMessage() }));
  } catch (error) {
    console.log(JSON.stringify({ error: { status: error.status ?? 0, text: String(error) } }));
  }
}
