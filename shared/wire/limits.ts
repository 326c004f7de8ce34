/** Every limit of the wire, each with its reason [E30]. Over a limit is a refusal with a code. */
export const limits = {
  /** Bytes of a frame from a client. A socket takes 32 MiB; nothing we send upwards needs more than this. */
  frame: 256 * 1024,
  /** Bytes of one command: a note of 20,000 characters in any script is the largest. */
  command: 64 * 1024,
  /** Characters of a reply before segment rules: a pasted page, not a book. */
  reply: 10_000,
  /** Agents that one note names: a whole team, and a bound for the rows that it writes. */
  mentions: 50,
  /** Characters of a note. */
  note: 20_000,
  /** Bytes of one update of a draft, and of the whole document: the longest note in any script is 60 kB. */
  draftUpdate: 64 * 1024,
  draftState: 64 * 1024,
  /** Characters that one Yjs client may ever write into a draft: days of typing, and a bound for its clock. */
  draftClock: 1_000_000,
  /** Yjs client ids of one device in an epoch of a draft, and of everybody: each costs every reader. */
  draftClients: 8,
  draftWriters: 64,
  /** Drafts that a socket follows: the reply and the note of the conversations on an agent's screens. */
  draftsPerSocket: 20,
  /** Characters of a name field: inserts cut each at 30, companies have longer names. */
  mobileUserField: 100,
  /** Characters of an agent's names: they stand in lists, owners and mentions. */
  agentName: 60,
  /** Bytes of an avatar, 256 pixels square: everybody's device fetches everybody's. */
  avatar: 64 * 1024,
  /** Characters of a quick reply: a long text, or a short note of instructions. */
  quickReply: 2_000,
  /** Auto-replies of an account: some for each number and schedule, all in the one row of its settings. */
  autoReplies: 50,
  /** Words or patterns of one, and characters of each. */
  patterns: 20,
  pattern: 60,
  /** Automatic answers in a row to one person whom no agent has written to: behind that stands another robot. */
  autoRepliesInRow: 10,
  /** A name of a view stands in the sidebar. */
  viewName: 60,
  /** Characters of a field as it may be pasted, before the field's own limit refuses it with words. */
  pastedField: 2_000,
  /** Bytes of an inbound text that are kept: no carrier sends more than 1,600 characters. */
  inboundText: 100_000,
  /** Media of one inbound text that are kept: carriers deliver ten. */
  mediaPerText: 20,
  /** Bytes of one piece of media: carriers take 5 MB in all (twilio.com/docs/sms/accepted-mime-types). */
  media: 5 * 1024 * 1024,
  /** Bytes of pictures that wait on a device to be sent [E30]. */
  queuedMedia: 200 * 1000 * 1000,
  /** Pictures that an agent may bring in an hour: a hundred messages of ten in a bad hour, not a loop. */
  uploadsPerHour: 1_000,
  /** Bytes of a webhook body: ten media addresses and a long text fit in 20 kB. */
  webhook: 256 * 1024,
  /** Frames a socket may send in a second, on average, and at once. */
  framesPerSecond: 30,
  frameBurst: 100,
  /** Commands a socket may send in a second, on average, and at once: what waited goes out after a reconnect. */
  commandsPerSecond: 20,
  commandBurst: 200,
  /**
   * Arrivals of an account in a second, on average, and at once: what one object commits beside its agents' work.
   * Above that the Worker keeps them in R2. At once is five seconds of it: the answers to a message to thousands.
   */
  arrivalsPerSecond: 200,
  arrivalBurst: 1_000,
  /** Commands that wait on a device: weeks offline. Each is judged again with every press; it is said in good time. */
  pendingCommands: 10_000,
  pendingWarning: 9_000,
  /** Sockets of one agent, and of one account. */
  socketsPerAgent: 20,
  socketsPerAccount: 1_000,
  /** Rows that one commit writes: some milliseconds in which nothing else happens. A bigger change is a job [E19]. */
  rowsPerCommit: 500,
  /** People whom one command adds to a list or removes: a row each for who is new, far below a commit's limit. */
  listChange: 200,
  /** Characters of a list's name. */
  listName: 100,
  /** Rows of a table in one frame; above that the client pulls by cursor [E19]. */
  rowsPerFrame: 200,
  /** Unechoed frames and bytes after which a socket is told to pull [E20]. */
  framesBehind: 64,
  bytesBehind: 1024 * 1024,
  /** Texts a minute per agent and conversation: fast typing, not a loop. */
  textsPerMinute: 30,
  /** Failed sign-ins an hour for an email and for a /64 before delays begin. */
  failuresPerEmail: 5,
  failuresPerNetwork: 50,
} as const
