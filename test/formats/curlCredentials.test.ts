import assert from 'node:assert/strict';
import { toCurl } from '../../src/formats/curl.ts';
import { maskSpec } from '../../src/trace/secrets.ts';
import type { Authentication, RequestSpec } from '../../src/trace/request.ts';

function specOf(authentication: Authentication): RequestSpec {
  return { id: 'a', method: 'GET', url: 'https://a.test/', headers: [], options: { authentication } };
}

const digest = specOf({ scheme: 'digest', user: 'me', password: "p'w" });
const aws = specOf({
  scheme: 'aws', accessKeyId: 'K', secretAccessKey: 'S3CRET', sessionToken: 'TOKEN', region: 'eu-west-1', service: 's3',
});

describe('credentials in a curl command', () => {
  it('are those that curl computes with, too', () => {
    assert.match(toCurl(digest), /--digest \\\n {2}--user 'me:p'\\''w' /);
    assert.match(
      toCurl(aws),
      /--aws-sigv4 aws:amz:eu-west-1:s3 \\\n {2}--user K:S3CRET \\\n {2}--header 'X-Amz-Security-Token: TOKEN' /,
    );
  });

  it('are masked when the request is', () => {
    const masked = [digest, aws].map((spec) => toCurl(maskSpec(spec))).join('\n');
    assert.doesNotMatch(masked, /p'|S3CRET|TOKEN\b(?!:)/);
    assert.match(masked, /me:•••/);
  });
});
