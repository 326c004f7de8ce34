/** A text as it is compared: without case, accents and width, so that "MUNOZ" finds "Muñoz". */
export function foldText(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
}

/** The words of a question, folded, at most eight: who pastes a page looks for nothing in particular. */
export function wordsOf(question: string): string[] {
  return foldText(question)
    .split(/[^\p{L}\p{N}]+/gu)
    .filter(Boolean)
    .slice(0, 8)
}

/** Only the digits: what a phone number is looked for by, however it was typed. */
export function digitsOf(question: string): string {
  return question.replace(/\D+/gu, '')
}
