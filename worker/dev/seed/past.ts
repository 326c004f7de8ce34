import type { AgentId, GroupId } from '#shared/base/ids.ts'
import { hour, day, minute } from '#shared/base/time.ts'
import { handset } from './people.ts'
import {
  answer,
  claim,
  conversation,
  end,
  flag,
  handTo,
  incoming,
  note,
  picture,
  pictured,
  scheduled,
  read,
  type Happening,
  type Step,
} from './plan.ts'

const salesNumber = '+13095550100'
const serviceNumber = '+13095550101'
const onlineNumber = '+13095550102'
const hours = hour / minute
const days = day / minute

/** Some sixty conversations in every state that exists, ending now. */
export function northwindPast(maya: AgentId, sam: AgentId, sales: GroupId, service: GroupId): Happening[] {
  return [
    // Unread, unassigned: what waits for an answer.
    conversation(handset(0), salesNumber, 2, [
      incoming('Hi! Is the blue hatchback from your page still there?'),
    ]),
    conversation(handset(40), salesNumber, 7, [
      incoming('Do you take trade-ins? Mine is a 2016 with 80k miles'),
    ]),
    conversation(handset(1), serviceNumber, 11, [
      incoming('My car is making a grinding noise when I brake. Can I come in today?'),
      incoming('It is the front left I think', 1),
    ]),
    conversation(handset(41), serviceNumber, 24, [picture('This light came on. Safe to drive?')]),
    conversation(handset(2), salesNumber, 38, [incoming('What are your hours on Saturday?')]),
    // Owned.
    conversation(handset(3), salesNumber, 4, [
      incoming('Could I book a test drive for tomorrow?'),
      claim(maya),
      answer(maya, 'Of course, Marcus. Would 10:30 suit you?'),
      incoming('10:30 is perfect, thank you', 6),
      read(maya),
    ]),
    conversation(handset(4), salesNumber, 16, [
      incoming('こんにちは。英語が苦手ですが、試乗できますか?'),
      claim(sam),
      answer(sam, 'はい、もちろんです。明日の午後はいかがですか?', 9),
      incoming('ありがとうございます🙏', 4),
    ]),
    conversation(handset(5), serviceNumber, 52, [
      incoming('Добрый день! Машина готова?'),
      answer(sam, 'Almost, Elena. It will be ready at 4 pm.', 8),
      claim(sam),
      note(sam, 'Waiting for the second brake disc, courier is on the way.'),
      incoming('Спасибо, буду в 4', 3),
      read(sam),
    ]),
    conversation(handset(6), salesNumber, 70, [
      incoming('We need three vans for the catering business. Can someone call me?'),
      claim(maya),
      note(maya, 'Fleet deal. Ask Admin about the discount before quoting.'),
      flag(maya),
      answer(maya, 'Hello Omar, I will call you this afternoon with an offer for three.', 5),
    ]),
    // Owned by a group, or handed over.
    conversation(handset(7), salesNumber, 95, [
      incoming('My financing was approved! What is next?'),
      handTo(maya, { group: sales }),
      note(maya, 'Papers are in the Sales folder.'),
    ]),
    conversation(handset(8), serviceNumber, 130, [
      incoming('Oil change for a 2019, how much?'),
      answer(sam, 'An oil change with filter is $79, Liam. Shall I book you in?', 4),
      handTo(sam, { agent: maya }, 2),
      incoming('Yes please, any day next week', 12),
      scheduled(maya, 'Good morning, Liam! Tuesday at 10:00 is free. Shall I put you down?', 17 * 60, 3),
    ]),
    conversation(handset(42), serviceNumber, 200, [
      incoming('Is my car still under warranty?'),
      handTo(sam, { group: service }, 4),
    ]),
    // Trouble.
    conversation(handset(9), salesNumber, 33, [
      incoming('¿Hablan español?'),
      claim(maya),
      answer(maya, 'Sí, Sofía. ¿En qué puedo ayudarle?', 3, 'failed'),
    ]),
    conversation(handset(10), salesNumber, 47, [
      incoming('Can you send me the quote again?'),
      claim(maya),
      pictured(maya, 'This is what it looked like.', 'estimate.png', 4),
      answer(maya, 'Here it is: $18,400 with winter tires, valid until Friday.', 6, 'unconfirmed'),
    ]),
    conversation(handset(11), salesNumber, 20, [
      incoming('Is the appointment tomorrow still on?'),
      claim(maya),
      incoming('Actually can we make it Thursday?', 12),
      answer(maya, 'Yes, see you tomorrow at 9!', 3, 'late'),
    ]),
    conversation(handset(12), salesNumber, 1 * days, [
      incoming('Please send me your offers'),
      answer(maya, 'Happy to, Chloe! Our winter offers start on Monday.', 15),
      incoming('STOP', 3 * hours),
    ]),
    conversation(handset(13), serviceNumber, 2 * days, [
      incoming('Snow tires for three trucks?'),
      answer(sam, 'We have them in stock, Diego.', 20),
      incoming('stop', 60),
      incoming('UNSTOP', 90),
      incoming('Sorry, pressed the wrong thing. When can I come?', 2),
    ]),
    conversation(handset(43), onlineNumber, 90, [incoming('Hello from the website. Do you deliver?')]),
    // One person on two numbers.
    conversation(handset(14), salesNumber, 3 * hours, [
      incoming('Ingrid here. Any news about the electric model?'),
      claim(maya),
      answer(maya, 'It arrives next week, Ingrid!', 10),
    ]),
    conversation(handset(14), serviceNumber, 2 * hours, [
      incoming('And my old one needs an inspection before I sell it'),
      answer(sam, 'Bring it in any morning before 9.', 14),
    ]),
    ...thread400(maya, sam),
    ...closedHistory(maya, sam),
    ...everyday(maya, sam),
  ]
    .flat()
    .sort((left, right) => right.ago - left.ago)
}

export function contosoPast(rita: AgentId): Happening[] {
  const front = '+13095550200'
  return [
    conversation('+12125550150', front, 9, [incoming('Can I move my cleaning to Friday?')]),
    conversation('+12125550151', front, 45, [
      incoming('Does it hurt after a filling?'),
      claim(rita),
      answer(rita, 'A little for a day or two. Call us if it lasts.', 5),
    ]),
    conversation('+12125550152', front, 2 * days, [
      incoming('Thank you, see you Monday'),
      answer(rita, 'See you Monday!', 4),
      end(rita),
    ]),
  ]
    .flat()
    .sort((left, right) => right.ago - left.ago)
}

/** A thread of 400 texts: what scrolling and long documents are tried on. */
function thread400(maya: AgentId, sam: AgentId): Happening[][] {
  const steps: Step[] = []
  for (let index = 0; index < 200; index++) {
    steps.push(
      incoming(`${questions[index % questions.length]} (${index * 2 + 1})`, index % 20 === 0 ? 300 : 5),
    )
    steps.push(answer(index % 3 ? maya : sam, `${answers[index % answers.length]} (${index * 2 + 2})`, 3))
  }
  return [
    conversation(handset(29), salesNumber, 5 * hours, [
      incoming('Tom from Whitfield Farms. We need to plan the whole fleet.'),
      claim(maya),
      ...steps,
      read(maya),
      read(sam),
    ]),
  ]
}

/** People with several ended conversations behind them. */
function closedHistory(maya: AgentId, sam: AgentId): Happening[][] {
  return [15, 16, 17].flatMap((who, index) => [
    conversation(handset(who), serviceNumber, (40 - index) * days, [
      incoming('Booking for a tire change please'),
      answer(sam, 'Tuesday at 8?', 12),
      incoming('Great', 4),
      end(sam),
    ]),
    conversation(handset(who), serviceNumber, (21 - index) * days, [
      incoming('Tires feel great, thanks!'),
      answer(sam, 'Glad to hear it!', 3),
      end(sam),
    ]),
    conversation(handset(who), salesNumber, (6 - index) * days, [
      incoming('Thinking of a bigger car now'),
      claim(maya),
      answer(maya, 'Come and see the new wagon.', 9),
      note(maya, 'Likes wagons, has two dogs.'),
      end(maya),
    ]),
    ...(index === 0
      ? [conversation(handset(who), salesNumber, 6 * hours, [incoming('Is the wagon still there?')])]
      : []),
  ])
}

/** The rest of a week: answered, ended, owned in turn. */
function everyday(maya: AgentId, sam: AgentId): Happening[][] {
  return Array.from({ length: 30 }, (_, index) => {
    const who = index < 11 ? 18 + index : 50 + index
    const agent = index % 2 ? maya : sam
    const number = index % 3 ? salesNumber : serviceNumber
    const question = questions[index % questions.length] ?? ''
    const reply = answers[index % answers.length] ?? ''
    const ago = 4 * hours + index * 97
    const steps: Step[] = [
      incoming(question),
      answer(agent, reply, 6, index % 5 === 0 ? 'sent' : 'delivered'),
    ]
    if (index % 4 === 1) steps.push(claim(agent))
    if (index % 4 === 2) steps.push(incoming('Thanks a lot!', 5))
    // Most of a week has been read, by both; some by one of them.
    steps.push(read(agent))
    if (index % 7 !== 3) steps.push(read(index % 2 ? sam : maya))
    if (index % 3 === 0) steps.push(end(agent))
    return conversation(handset(who), number, ago, steps)
  })
}

const questions = [
  'Do you have winter tires for a 2018?',
  'How long is the wait for an inspection?',
  'Can I pay the invoice by card?',
  'Is there a loaner car while mine is with you?',
  'What does a new battery cost?',
  'Could you check the air conditioning too?',
  'Is the red one an automatic?',
  'When can I pick it up?',
]
const answers = [
  'Yes, we have them in stock.',
  'About three days at the moment.',
  'Card is fine, at the desk or by phone.',
  'We keep one for you, just bring your licence.',
  'From $140 with fitting.',
  'Sure, I have added it to the order.',
  'It is, with all-wheel drive.',
  'Any time after 3 pm today.',
]
