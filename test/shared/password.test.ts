import { describe, expect, it } from 'vitest'
import { refusePassword } from '#shared/rules/password.ts'

const about = ['maya@northwind.test', 'maya', 'Maya Okafor', 'Northwind Auto']
const refuse = (password: string) => refusePassword(password, about)

describe('a password', () => {
  it('takes any characters, spaces too, and asks for none', () => {
    for (const good of [
      'correct horse',
      'xkcd-936-fan',
      'ünïcødé☂',
      'longer than most people would ever type',
    ])
      expect(refuse(good)).toBeNull()
  })

  it('counts characters as people do, and bounds them', () => {
    expect(refuse('☂☂☃☃✈✈☎')).toBe('A password has at least 8 characters.')
    expect(refuse('🦊🐢🦉🐝🐙🦀🐧')).toBe('A password has at least 8 characters.')
    expect(refuse('🦊🐢🦉🐝🐙🦀🐧🦜')).toBeNull()
    expect(refuse('ab'.repeat(129))).toBe('A password has at most 256 characters.')
  })

  it('is none of those that are guessed first', () => {
    for (const bad of [
      'password',
      'Password123!',
      'qwertyuiop',
      'iloveyou',
      'aaaaaaaa',
      '12345678',
      '87654321',
    ])
      expect(refuse(bad), bad).toMatch(/among the first/)
    for (const bad of ['mayaokafor', 'Northwind Auto', 'Northwind-Auto-2026', 'maya@northwind.test'])
      expect(refuse(bad), bad).toMatch(/a name that others know/)
  })
})
