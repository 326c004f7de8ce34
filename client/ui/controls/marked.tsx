import { createMemo, For } from 'solid-js'

/** A text with the letters that were found set off. */
export function Marked(props: { text: string; marks: readonly number[] }) {
  const pieces = createMemo(() => {
    const marks = new Set(props.marks)
    const pieces: { text: string; isMarked: boolean }[] = []
    for (let at = 0; at < props.text.length; at++) {
      const isMarked = marks.has(at)
      const last = pieces.at(-1)
      if (last?.isMarked === isMarked) last.text += props.text.charAt(at)
      else pieces.push({ text: props.text.charAt(at), isMarked })
    }
    return pieces
  })
  return (
    <For each={pieces()}>{(piece) => (piece.isMarked ? <mark>{piece.text}</mark> : <>{piece.text}</>)}</For>
  )
}
