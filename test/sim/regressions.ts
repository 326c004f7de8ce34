import { long, short, type Course } from './course.ts'

interface Regression {
  seed: number
  steps: readonly number[]
  found: string
  /** Companies answer automatically in it, which those of before did not. */
  answers?: true
}

/**
 * Runs that found something, each by its seed and the steps that it needs. Every `npm test` plays them; what they
 * found must not come back. A run keeps its meaning only as long as the world draws the same numbers, so each
 * mended defect has a test of its own as well.
 */
const first: readonly Regression[] = [
  {
    seed: 30021,
    steps: [2, 3, 19, 21, 22, 26, 27, 29, 30, 32],
    found:
      'an agent whose role changed in an overlooked commit kept the rights of before until they reconnected',
  },
  {
    seed: 65651,
    steps: [17, 19, 24, 49, 62, 63],
    found: 'a Send on a held reply came again after a restore and sent the reply twice',
  },
  {
    seed: 1663,
    steps: [19, 23, 28, 31, 54],
    found: 'two pages each brought what a third had left in the mirror of a full database',
  },
  {
    seed: 1751,
    steps: [14, 21, 23, 28, 30, 31, 33],
    found: "a colleague's letters, merged between two keystrokes that were not stored, were typed once more",
  },
  {
    seed: 60235,
    steps: [6, 12, 18, 21, 23, 29, 30, 31, 34, 37, 39, 41],
    found: 'a text that came back unconfirmed was never looked for in the list of its carrier',
  },
  {
    seed: 70009,
    steps: [21, 24, 25, 57, 58, 59, 64],
    found: 'a text whose fate D1 knew was asked for, and then forgotten as what another one could be',
  },
  {
    seed: 70842,
    steps: [12, 13, 14, 17, 20, 21, 22, 23, 38, 39, 41, 43, 45, 48, 51],
    found: 'letters that had missed a sending stood beside the box and, once a restore had undone it, in it',
  },
  {
    seed: 72216,
    steps: [28, 29],
    found: 'a page that talked said for ever that it was connecting, once a second one said who is back',
  },
  {
    seed: 1008,
    steps: [12, 13, 14, 15, 39],
    found: "a broadcast's text that a restore stopped stood in its conversation as on its way for ever",
  },
  {
    seed: 1150,
    steps: [24, 25, 30, 34, 35, 38, 39, 44, 45, 46],
    found: 'a receipt that came before the answer to its text was told in no closed conversation',
  },
  {
    seed: 920006,
    steps: [13, 14, 36, 37, 38],
    found:
      'letters that the edge had stood twice where a database was emptied right after a write had failed',
  },
  {
    seed: 150156,
    steps: [0, 1, 2, 4, 5, 6, 7, 8, 9, 12, 13, 14, 15, 16, 17, 19],
    found:
      'an acknowledged reply waited for ever for its thread, which a frame of the next epoch had brought before the pull',
  },
  {
    seed: 154049,
    steps: [
      0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27,
      29, 30, 31, 32, 33, 34, 35, 36,
    ],
    found: 'who left a list while the recipients of a broadcast were entered got nothing of it',
  },
  {
    seed: 154909,
    steps: [0, 2, 3, 20, 21, 22, 23],
    found:
      'a text waited for ever for its picture, which was taken on a connection that had ended while the next one failed to bring it',
  },
  {
    seed: 156278,
    steps: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 25, 26, 30],
    found:
      'the epoch that a dead life had asked for reached D1 after the next life had taken its own, and a later start stopped a broadcast for a restore that never was',
  },
]

/** Found since most runs are short. */
const since: readonly Regression[] = [
  {
    seed: 163444,
    steps: [1, 4, 7, 16, 17, 27, 29, 35, 36, 37, 44, 63],
    found:
      "a refused text stood in its box with a colleague's letters twice, which a restored edge had lost and got again",
  },
  {
    seed: 163725,
    steps: [6, 9, 10, 11, 17],
    found:
      'a first message left late and unasked that a conversation had overtaken which was ended meanwhile',
  },
  {
    seed: 193743,
    steps: [1, 3, 4, 10, 12, 28],
    found:
      'a life that was over heard late where D1 stood and took an epoch, so that the next start stopped broadcasts for a restore that never was',
  },
  {
    seed: 171091,
    steps: [1, 3, 4, 5, 6, 10, 11, 12, 13, 14, 16, 17, 18, 19, 20, 34, 36, 38],
    found:
      'a text that its carrier had refused was shown as sent, because a device had offered the same words from a life that was lost',
  },
  {
    seed: 204932,
    steps: [7, 10, 11, 22],
    found:
      'what was typed in a conversation that the edge had lost stayed on its device for good, though a colleague had brought it again',
  },
  {
    seed: 221500,
    steps: [
      0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 13, 14, 15, 16, 17, 18, 19, 21, 24, 26, 27, 29, 30, 31, 39, 40,
      44,
    ],
    found:
      'letters that had crossed the sending before the last stood in their box again after a second restore, and beside it',
  },
  {
    seed: 223291,
    steps: [0, 1, 3, 4, 6, 7, 9, 10, 11, 12, 13, 14, 15, 17, 19, 22, 28, 29, 32, 33],
    found: 'letters were lost where the edge went back once more while a device asked for all that it had',
  },
  {
    seed: 223291,
    steps: [0, 1, 3, 4, 6, 7, 9, 10, 11, 12, 13, 14, 15, 17, 19, 23, 28, 32, 33],
    found:
      'what was put in from beside a box stood there twice once a restore had undone the sending that it missed',
  },
  {
    seed: 239218,
    steps: [10, 11, 13, 14, 15, 19, 21, 22, 25, 26, 27, 31, 32, 34],
    found:
      'what missed a sending stood beside a box and in it, because a restored edge had all of it but one letter',
  },
  {
    seed: 309997,
    steps: [1, 3, 4, 5, 6, 7, 16, 17],
    found:
      'what was pressed and then refused stood in its box on that device alone, because a restore had lost its letters between the two',
  },
  {
    seed: 402405,
    steps: [12, 31, 34, 36, 39],
    found: 'an answer of Parley itself that its carrier had been too busy for left after an opt-out',
    answers: true,
  },
]

export const regressions: readonly (Regression & { course: Course })[] = [
  ...first.map((found) => ({ ...found, course: { ...long, answers: found.answers ?? false } })),
  ...since.map((found) => ({ ...found, course: { ...short, answers: found.answers ?? false } })),
]
