import { foldInPlace } from './search.ts'

/**
 * Where the letters that somebody typed stand in a text, in order, and how well they fit: the higher the score the
 * better, null where they do not fit. The whole of them beats scattered letters, a beginning of a word the middle.
 */
export function fitLetters(typed: string, words: string): { score: number; marks: number[] } | null {
  const [letters, text] = [foldInPlace(typed.trim()), foldInPlace(words)]
  if (letters === '') return { score: 0, marks: [] }
  const whole = text.indexOf(letters)
  if (whole >= 0) {
    const begins = isBegin(text, whole)
    return {
      score: 1000 + (begins ? 500 : 0) - Math.min(whole, 400),
      marks: Array.from({ length: letters.length }, (_, index) => whole + index),
    }
  }
  const marks: number[] = []
  let score = 0
  let from = 0
  for (const letter of letters) {
    if (letter === ' ') continue
    // A letter is looked for at the beginning of a word first, so that "tyv" finds "Thank you very much".
    const at = nextAt(text, letter, from)
    if (at < 0) return null
    score += at === from && marks.length > 0 ? 6 : isBegin(text, at) ? 5 : 1
    marks.push(at)
    from = at + 1
  }
  return { score, marks }
}

function nextAt(text: string, letter: string, from: number): number {
  const next = text.indexOf(letter, from)
  if (next === from && from > 0) return next
  for (let at = next; at >= 0; at = text.indexOf(letter, at + 1)) if (isBegin(text, at)) return at
  return next
}

function isBegin(text: string, at: number): boolean {
  return at === 0 || !/[\p{L}\p{N}]/u.test(text[at - 1] ?? '')
}
