import { render } from 'solid-js/web'
import { Simulator } from './simulator.tsx'

const root = document.getElementById('handsets')
if (root) render(() => <Simulator />, root)
