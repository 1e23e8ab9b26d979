import type { Scene } from '../scene.js'

/** A user is provisioned, and logs in. */
export async function aLogin({ story, provider, browser, chat }: Scene): Promise<void> {
  story.chapter('A person is hired')
  story.say(
    'The identity provider creates Ada. In the same transaction the application adds a row to its own table of accounts, ' +
      'so that she can log in as soon as the response is sent:',
  )
  const made = await provider.create('ada')
  story.show(...made.lines)
  story.check('the user is created: 201', made.status, 201)
  const login = await browser.login('ada')
  const { session, refresh } = login.body
  const me = await browser.me(String(session))
  story.show(...login.lines, ...me.lines)
  story.check('the login returns a session and a refresh token', [typeof session, typeof refresh], ['string', 'string'])
  story.check('a request with the session cookie: 200', me.status, 200)
  story.check('the refresh token gives another session: 200', (await browser.refresh(String(refresh))).status, 200)

  story.say(
    'The company also uses a chat product, which has members of its own. The outbox of the store has a row for the change, ' +
      'and delivers it after the commit:',
  )
  const received = await chat.until(({ userName }) => userName === 'ada')
  story.check('the chat product has an active member', [received.active, received.result], [true, 'stored'])
  const stranger = await browser.login('eve')
  story.check('a person without an account cannot log in: 403', stranger.status, 403)
}
