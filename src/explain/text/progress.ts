import type { Texts } from './text.ts';

/** What is said while a body is under way, and where it is held. */
export const progressTexts = {
  'part': { en: '{size} of {total}, {percent} %', ko: '{total} 중 {size}, {percent} %' },
  'left': { en: '{time} left', ko: '{time} 남음' },
  'held-announced': {
    en: 'The server announces {announced} of content; the limit is {allowed}. Receive all of it?',
    ko: '서버에서 알린 콘텐츠 크기({announced})가 한도({allowed})보다 큽니다. 모두 받으시겠습니까?',
  },
  'held-size': {
    en: 'The content has passed the limit of {allowed}, and its end is not known. Go on receiving?',
    ko: '콘텐츠가 한도({allowed})를 넘었고 끝이 어디인지 알 수 없습니다. 계속 받으시겠습니까?',
  },
  'held-expansion': {
    en: '{body} of compressed body made {content} of content: more than {allowed} times as much, as in a decompression bomb. Go on decoding?',
    ko: '압축된 본문 {body}에서 콘텐츠 {content} 분량이 나왔습니다. {allowed}배가 넘어 압축 폭탄일 수 있습니다. 계속 디코딩하시겠습니까?',
  },
  'held-settings-size': {
    en: 'The limit is the setting `roundtrip.content.maxSize`, or `--max-size` on the command line.',
    ko: '한도는 설정 `roundtrip.content.maxSize` 또는 명령줄의 `--max-size`로 정합니다.',
  },
  'held-settings-expansion': {
    en: 'The limit is the setting `roundtrip.content.maxExpansion`, or `--max-expansion` on the command line.',
    ko: '한도는 설정 `roundtrip.content.maxExpansion` 또는 명령줄의 `--max-expansion`으로 정합니다.',
  },
} as const satisfies Texts;
