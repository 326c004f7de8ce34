/** The fewest and the most characters of a password (ASVS 5.0, 6.2.1 and 6.2.9). */
export const shortestPassword = 8
export const longestPassword = 256

/**
 * Why this cannot become somebody's password, or null. Any characters count and none is asked for (ASVS 6.2.5); what
 * guessers try first is refused: words that everybody uses, one's own name or company, a run of one key or of the row.
 */
export function refusePassword(password: string, about: readonly string[]): string | null {
  const length = Array.from(password).length
  if (length < shortestPassword) return `A password has at least ${shortestPassword} characters.`
  if (length > longestPassword) return `A password has at most ${longestPassword} characters.`
  const plain = lettersOf(password)
  const isName = about.some((name) => lettersOf(name).length > 2 && plain === lettersOf(name))
  if (isName) return 'This is a name that others know. Choose something else.'
  if (isRun(password) || guessedFirst.has(plain))
    return 'This password is among the first that are guessed. Choose something else.'
  return null
}

/** Without what is put at the end of a word to make it look like none: "Password123!" is "password". */
function lettersOf(text: string): string {
  const lower = text.normalize('NFKC').toLowerCase()
  return lower.replace(/[^\p{L}\p{N}]+/gu, '').replace(/\d+$/u, '') || lower
}

/** One key held down, or neighbours in a row: "aaaaaaaa", "12345678", "87654321", "abcdefgh". */
function isRun(text: string): boolean {
  const codes = Array.from(text, (char) => char.codePointAt(0) ?? 0)
  return [0, 1, -1].some((step) =>
    codes.every((code, index) => index === 0 || code - (codes[index - 1] ?? 0) === step),
  )
}

// Words that lead every list of leaked passwords, without digits at their end.
const guessedFirst = new Set(
  `password passwort passw0rd p4ssword pa55word qwerty qwertz qwertyuiop qwertyui qwerty123456 asdfghjkl asdfghjk
   zxcvbnm 1q2w3e4r 1q2w3e4r5t 1qaz2wsx qazwsxedc q1w2e3r4 iloveyou ilovey0u sunshine princess football baseball
   basketball superman batman trustno welcome welcometo letmein dragon monkey master shadow michael jennifer jordan
   abcd abcdef abcdefg abc123456 a1b2c3d4 admin administrator changeme default secret computer internet starwars
   whatever freedom mustang hello hellohello helloworld charlie liverpool chelsea arsenal pokemon samsung google
   facebook linkedin myspace password1234567890 testtest testing tester guest login access passpass parley`.split(
    /\s+/u,
  ),
)
