import { foldText } from './search.ts'

/**
 * How well words fit what somebody types into a short list: the lower the better, null where they do not fit. Every
 * typed character must come in order; a beginning of the whole or of a word fits best, scattered letters worst.
 */
export function fuzzyRank(typed: string, words: string): number | null {
  const [wanted, text] = [foldText(typed).replace(/\s+/gu, ''), foldText(words)]
  if (wanted === '') return 0
  let rank = 0
  let at = 0
  for (const char of wanted) {
    const next = text.indexOf(char, at)
    if (next < 0) return null
    const isStart = next === 0 || /[^\p{L}\p{N}]/u.test(text[next - 1] ?? '')
    if (next > at && !isStart) rank += next - at
    if (next > at && isStart) rank += 1
    at = next + char.length
  }
  return rank + (text.startsWith(wanted) ? 0 : 1)
}
