// Checks a HAR with har-validator; prints what is wrong with it, or nothing.
import { readFileSync } from 'node:fs';
import validator from 'har-validator';

try {
  await validator.har(JSON.parse(readFileSync(process.argv[2], 'utf8')));
} catch (error) {
  console.log(String(error), JSON.stringify(error.errors?.slice(0, 5)));
}
