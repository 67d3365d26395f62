// Sends one of each call with @segment/analytics-node: `node deliver.mjs HOST WRITE_KEY`.
import { createRequire } from 'node:module'
import { join } from 'node:path'

const [host, writeKey] = process.argv.slice(2)
const require = createRequire(join(process.cwd(), 'package.json'))
const { Analytics } = require('@segment/analytics-node')

const analytics = new Analytics({ host, writeKey, flushAt: 4, maxRetries: 3 })
analytics.on('error', (error) => {
  console.error(error)
  process.exitCode = 1
})
const userId = 'u1'
analytics.identify({ userId, traits: { email: 'ann@example.com', name: 'Ann', plan: 'gold' } })
analytics.track({ userId, event: 'Order Completed', properties: { revenue: 12.5, currency: 'EUR' } })
analytics.page({ userId, name: 'Docs', properties: { url: 'https://x.example/docs' } })
analytics.screen({ userId, name: 'Start' })
analytics.group({ userId, groupId: 'g1', traits: { seats: 3 } })
analytics.alias({ userId, previousId: 'browser-9' })
analytics.track({ anonymousId: 'browser-8', event: 'Seen', timestamp: new Date(Date.now() - 40 * 864e5) })
// Half of an emoji, as text is that was cut too early.
analytics.track({ userId, event: 'Wrote', properties: { text: '\u{1F600}'.slice(0, 1) } })
await analytics.closeAndFlush()
