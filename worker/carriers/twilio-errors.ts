/** What one of Twilio's error codes means for a text. */
export interface TwilioError {
  /** For the agent who sent it. */
  text: string
  /** True where Twilio took nothing and asks to come again later. */
  busy?: boolean
  /** True where the recipient opted out with the carrier and we may not know it yet. */
  optedOut?: boolean
}

/**
 * The codes that need words or an action of their own (twilio.com/docs/api/errors; spec/interop 1.2). Every other
 * code keeps the message that Twilio sent with it.
 */
export const twilioErrors: Readonly<Record<string, TwilioError>> = {
  20003: { text: "The carrier refused this channel's credentials" },
  20429: { text: 'The carrier is busy', busy: true },
  21211: { text: 'This is not a valid mobile number' },
  21266: { text: 'A number cannot text itself' },
  21408: { text: 'Texting to this region is not enabled' },
  21606: { text: 'The company number cannot send texts' },
  21610: { text: 'They opted out with the carrier', optedOut: true },
  21612: { text: 'The carrier cannot reach this number from the company number' },
  21614: { text: 'This number cannot receive texts' },
  21617: { text: 'The carrier takes at most 1,600 characters' },
  30001: { text: 'The carrier has too many texts waiting', busy: true },
  30002: { text: "The company's carrier account is suspended" },
  30003: { text: 'The phone is off or unreachable' },
  30004: { text: 'The carrier blocked this text' },
  30005: { text: 'This number does not exist' },
  30006: { text: 'Landline or unreachable' },
  30007: { text: 'The carrier filtered this text as spam' },
  30008: { text: 'The carrier could not deliver this text' },
  30034: { text: 'The company number is not registered for texting' },
}
