/** What may go with a text as a picture, and how a customer's media are called. */

export type PictureType = 'image/jpeg' | 'image/png' | 'image/gif'

/** Twilio, Bandwidth and Telnyx take ten pieces of media in one message (twilio.com/docs/messaging/api/media-resource). */
export const picturesAtMost = 10

export type NumberType = 'local' | 'toll-free' | 'short code'

/**
 * What a number may send, by its type [F123]: formats, and bytes of all pictures of one message. The smallest of what
 * the carriers behind it take (developers.telnyx.com/docs/messaging/messages/mms-transcoding: AT&T 1 MB from long
 * codes and 600 KB from toll-free numbers and short codes; Verizon and T-Mobile take as much or more). Formats are
 * those that all of them show (twilio.com/docs/sms/accepted-mime-types).
 */
export const pictureLimits: Record<NumberType, { formats: readonly PictureType[]; bytes: number }> = {
  local: { formats: ['image/jpeg', 'image/png', 'image/gif'], bytes: 1_000_000 },
  'toll-free': { formats: ['image/jpeg', 'image/png', 'image/gif'], bytes: 600_000 },
  'short code': { formats: ['image/jpeg', 'image/png', 'image/gif'], bytes: 600_000 },
}

/** The type of a company number by its address: short codes have up to six digits, toll-free area codes are NANP's. */
export function numberTypeOf(address: string): NumberType {
  const digits = address.replace(/\D/g, '')
  if (digits.length <= 6) return 'short code'
  return /^1?8(00|33|44|55|66|77|88)\d{7}$/.test(digits) ? 'toll-free' : 'local'
}

/** "1 MB" or "600 KB", as carriers write it. */
export function sizeWords(bytes: number): string {
  return bytes >= 1_000_000 ? `${Math.round(bytes / 100_000) / 10} MB` : `${Math.ceil(bytes / 1000)} KB`
}

/** How media of a customer is shown: a picture, or a link with its title [F131, F132]. */
export function mediaTitle(contentType: string): 'MMS Image' | 'MMS Audio' | 'MMS Video' | 'MMS File' {
  if (contentType.startsWith('image/')) return 'MMS Image'
  if (contentType.startsWith('audio/')) return 'MMS Audio'
  return contentType.startsWith('video/') ? 'MMS Video' : 'MMS File'
}
