import type { Texts } from './text.ts';

/** Why a name cannot be changed, and what to do instead. */
export const renameTexts = {
  'nothing-here': {
    en: 'There is no variable or request name here. Put the cursor on one.',
    ko: '여기에는 변수나 요청의 이름이 없습니다. 이름 위에 커서를 놓으십시오.',
  },
  'not-defined-here': {
    en: '{name} is defined neither in this file nor in one that it imports. Rename it where it is defined, such as in the environment file.',
    ko: '이 파일이나 가져온 파일에 정의되지 않은 이름입니다: {name}. 환경 파일처럼 정의한 곳에서 바꾸십시오.',
  },
  'environment-elsewhere': {
    en: '{name} also comes from {source}, which cannot be changed from here. Rename it by hand in each place.',
    ko: '여기에서 바꿀 수 없는 곳({source})에도 있는 이름입니다: {name}. 각각의 위치에서 직접 바꾸십시오.',
  },
  'environment-not-renamed': {
    en: '{name} cannot be renamed in {source}: an environment there has the name “{newName}” already, has several values under {name}, or the file is not valid JSON. Look at the file first.',
    ko: '{source} 파일에서 이름을 바꿀 수 없습니다: {name}. 그 파일의 환경에 “{newName}” 이름이 이미 있거나, 값이 여러 개이거나, 파일이 올바른 JSON이 아닙니다. 먼저 파일을 확인하십시오.',
  },
  'too-many-files': {
    en: 'There are more than {limit} request files here, and not all of them can be looked through for {name}. Open a smaller folder to rename it.',
    ko: '요청 파일이 {limit}개보다 많아 모두 살펴볼 수 없습니다: {name}. 이름을 바꾸려면 더 작은 폴더를 여십시오.',
  },
  'name-invalid': {
    en: '“{name}” cannot be a name here. Use letters, digits, - and _, without spaces, = and braces.',
    ko: '이름으로 쓸 수 없습니다: “{name}”. 공백, =, 중괄호 없이 글자, 숫자, -, _만 사용하십시오.',
  },
  'name-dynamic': {
    en: '“{name}” would be a dynamic variable. Choose a name that does not start with $.',
    ko: '동적 변수의 이름이 됩니다: “{name}”. $로 시작하지 않는 이름을 고르십시오.',
  },
  'name-taken': {
    en: '“{name}” is already the name of something else. Choose another.',
    ko: '이미 쓰고 있는 이름입니다: “{name}”. 다른 이름을 고르십시오.',
  },
} satisfies Texts;
