/** What the tests use of split-sms 0.1.7, which brings no types. */
declare module 'split-sms' {
  interface Split {
    characterSet: 'GSM' | 'Unicode'
    parts: { content: string; length: number; bytes: number }[]
    bytes: number
  }
  const splitter: { split(text: string): Split }
  export default splitter
}
