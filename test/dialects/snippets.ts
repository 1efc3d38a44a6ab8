/** A piece of every construct of the dialects, each a block or a few lines; what the fuzzer starts from. */
export const snippets: readonly string[] = [
  // separators
  '###\n', '### A title ###\n', '####\n', '  ### indented\nGET https://a.lab.test/1\n', '# ### no separator\n',
  // preamble
  '# @name login\nGET https://a.lab.test/login\n', '//@name = two-words\nGET {{host}}/x\n',
  '##  @Timeout 20 s\n# @no-redirect\n// @noCookieJar\nGET localhost:3000/x\n',
  '# @prompt user Who are you?\n# @note\n# @disabled\nGET https://a.lab.test/{{user}}\n',
  '# @import ./other.http\n# @ref login\n# @forceRef login\n# @loop for 3\nGET /x\nHost: a.lab.test\n',
  '# @raw-body\n# @body-eol crlf\nPOST https://a.lab.test/\n\n# kept\n',
  '/* one line */\n/*\n several\n lines\n*/\nGET https://a.lab.test/\n', '/* never closed\nGET https://a.lab.test/\n',
  '@host = https://a.lab.test\n@empty =\n@quoted = "x"\n@lazy := {{host}}/y\n@global.v = 1\n@a:b.c-d$=2\n',
  '@self = {{self}}/1\n@x = {{y}}\n@y = {{x}}\n', '# @token = commented-out variable\n',
  '< {% request.variables.set("a", 1) %}\nGET https://a.lab.test/{{a}}\n',
  '< {%\n  const a = 1;\n%}\n< ./before.js\nGET https://a.lab.test/\n',
  '{{\n  exports.a = 1;\n}}\nGET https://a.lab.test/{{a}}\n', '{{+\n  x\n}}\n{{@response\n  y\n}}\n',
  'import ./other.http\nrun #login (@user=a)\nrun ./other.http\n', 'gql Parts < ./parts.graphql\n',
  // request lines
  'GET https://a.lab.test/x HTTP/1.1\n', 'post a.lab.test/x http/2\n', 'https://a.lab.test/no-method\n',
  'PURGE https://a.lab.test/x\n', '{{method}} https://a.lab.test/\n', 'GET [::1]:8080/x HTTP/2 (Prior Knowledge)\n',
  'OPTIONS *\nHost: a.lab.test\n', 'GET //a.lab.test/x HTTP/3\n', 'GET https://a.lab.test/a b c?d=e f#g\n',
  'Content-Type: text/plain\n', 'Just some words\n', 'GET\n', 'GRAPHQL https://a.lab.test/graphql\n\n{ a }\n',
  'WS wss://a.lab.test/\n\n===\nhello\n=== wait-for-server\nworld\n', 'GRPC a.lab.test/svc/Method\n\n{"a": 1}\n',
  'curl https://a.lab.test/1\n', "curl -X POST 'https://a.lab.test/x' \\\n  -H \"A: b\" \\\n  --data-raw $'{\"a\":\\'1\\'}'\n",
  'curl "https://a.lab.test/" ^\n  -H "A: b"\ncurl https://a.lab.test/ `\n  -d "x"\n',
  // URLs over several lines
  'GET https://a.lab.test/x\n  ?a=1\n  &b=2\n# a comment\n  &flag\n  HTTP/1.1\n',
  'GET https://a.lab.test\n  /x\n  /y?\n  a=1&\n  b={{two}} HTTP/2\n', 'GET https://a.lab.test/\nAccept: */*\n?late=1\n',
  // headers
  'GET https://a.lab.test/\nAccept: text/html,\n  application/json;\n\tq=0.5\nX-Empty:\nX : y\n:authority: b\n',
  'GET https://a.lab.test/\n  Accept: */*\n  X: y\n    folded\n', 'GET https://a.lab.test/\n{{headers}}\n{{name}}: x\nX-{{n}}-Y: z\n',
  'GET https://a.lab.test/\nNoColon\nTwo words: x\n...spread\n', 'POST https://a.lab.test/\n{"a": 1}\n',
  'GET https://a.lab.test/\nAuthorization: Basic user pass word\nCookie: a=1\nCookie: b=2\n',
  // bodies
  'POST https://a.lab.test/\nContent-Type: application/json\n\n{\n  // a note\n  "a": "x // y",\n  # another\n  "b": [1, {"c": "\\""}]\n}\n',
  'POST https://a.lab.test/\nContent-Type: text/plain\n\n# kept\nDELETE everything now\n\n# banner\n# of the next\n',
  'POST https://a.lab.test/\nContent-Type: text/markdown\n\n# h1\n#### h4\n### not a heading\n',
  'POST https://a.lab.test/\n\n< ./data/body.json\n', 'POST https://a.lab.test/\n\nbefore\n<@utf8 ./a.txt\n<@ {{path}}/b.txt\n < ./indented.txt\nafter\n',
  'POST https://a.lab.test/\nContent-Type: multipart/form-data; boundary=B\n\n--B\nContent-Disposition: form-data; name="f"; filename="a.png"\n\n< ./a.png\n--B--\n',
  'POST https://a.lab.test/\nContent-Type: application/x-www-form-urlencoded\n\na = 1 &\n b=%20x\n&c=+\nd\n',
  'POST https://a.lab.test/\nContent-Type: application/x-ndjson\n\n{"a":1}\n{"a":2}\n',
  'POST https://a.lab.test/\nX-Request-Type: GraphQL\n\nquery Q($a: Int) {\n  x(a: $a)\n\n  y\n}\n\n{ "a": 1 }\n',
  'POST https://a.lab.test/\nContent-Type: application/xml\n\n<a>\n  <b/>\n</a>\nGET https://a.lab.test/stacked\n',
  'POST https://a.lab.test/\nContent-Type: application/http\n\nGET /x HTTP/1.1\nHost: b\n', 'POST https://a.lab.test/\n   \nbody\n \t \n',
  'GET https://a.lab.test/1\nGET https://a.lab.test/2\n\nPUT https://a.lab.test/3 HTTP/1.1\n\n{"a": {}}\nGET https://a.lab.test/4\n',
  // tails
  'GET https://a.lab.test/\n\n> {% client.test("a", () => {}) %}\n', 'POST https://a.lab.test/\n\nbody\n> {%\n  client.log("{");\n%}\nmore\n',
  'GET https://a.lab.test/\n\n> ./after.js\n>> ./out.json\n>>! ./out.json\n<> ./saved.json\n?? status == 200\n?? body $.a == 1\n',
  'POST https://a.lab.test/\n\nbody\n{{\n  y\n}}\n', 'GET https://a.lab.test/\n{{@response\n  test()\n}}\n', '> {%\nnever closed\n### next\n',
  'POST https://a.lab.test/\n\nbody\n\n@after = 1\n# note\n@more = 2\n', 'POST https://a.lab.test/\n\n@alice hello\n> quote\n?? what\nmore text\n',
  'GET https://a.lab.test/\n\nHTTP/1.1 200 OK\nContent-Type: text/plain\n\nhello\n', 'HTTP/1.1 404 Not Found\nX: y\n\nnothing\n',
  // variables
  'GET {{host}}/{{$guid}}/{{%a}}/{{ $timestamp -1 d }}/{{login.response.body.$.token}}\nX: {{a}}{{b}} {{{c}}} \\{\\{d\\}\\}\n',
  'GET https://a.lab.test/{{$randomInt 1 10}}/{{$datetime "YYYY-MM-DD" 1 y}}/{{$processEnv HOME}}/{{$dotenv %X}}/{{$random.email}}\n',
  // prose and fences around requests
  '# Heading\n\nText with `code`.\n\n```http\nGET https://a.lab.test/fenced\n\n```\n\n~~~rest\n### x\nGET /y\n~~~\n',
];
