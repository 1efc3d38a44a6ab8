import type { Texts } from './text.ts';

/** Why a name cannot be changed, and what to do instead. */
export const renameTexts = {
  'nothing-here': {
    en: 'There is no variable or request name here. Put the cursor on one.',
    ko: '여기에는 변수나 요청의 이름이 없습니다. 이름 위에 커서를 놓아 주세요.',
  },
  'not-defined-here': {
    en: '{name} is defined neither in this file nor in one that it imports. Rename it where it is defined, such as in the environment file.',
    ko: '이 파일이나 가져온 파일에 정의되지 않은 이름입니다: {name}. 환경 파일처럼 정의한 곳에서 바꾸어 주세요.',
  },
  'name-invalid': {
    en: '“{name}” cannot be a name here. Use letters, digits, - and _, without spaces, = and braces.',
    ko: '이름으로 쓸 수 없습니다: “{name}”. 공백, =, 중괄호 없이 글자, 숫자, -, _만 사용해 주세요.',
  },
  'name-dynamic': {
    en: '“{name}” would be a dynamic variable. Choose a name that does not start with $.',
    ko: '동적 변수의 이름이 됩니다: “{name}”. $로 시작하지 않는 이름을 골라 주세요.',
  },
  'name-taken': {
    en: '“{name}” is already the name of something else. Choose another.',
    ko: '이미 쓰고 있는 이름입니다: “{name}”. 다른 이름을 골라 주세요.',
  },
} satisfies Texts;
