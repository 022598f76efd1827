// Enter under input methods (UX K1): `안녕하세요⏎` is one message, whole, by one press; kana
// and han only choose. Once by the browser's own composition (CDP), once by the event
// sequences that the systems are known for.
import type { CDPSession, Page } from '@playwright/test';
import { Visitor } from '../support/api';
import { openShop, signIn, type Conversation } from '../support/pages';
import { expect, test } from '../support/test';

const SURFACES: Record<string, (page: Page, origin: string) => Promise<Conversation>> = {
  widget: async (page, origin) => {
    const shop = await openShop(page, origin);
    await shop.open();
    return shop;
  },
  console: async (page, origin) => {
    await (await Visitor.arrive(origin)).say('질문');
    const desk = await signIn(page, origin);
    await desk.openRow();
    await desk.startButton.click();
    await expect(desk.tab('active', 1)).toBeVisible();
    return desk;
  },
};

/** The messages of this side. */
async function own(side: Conversation): Promise<string[]> {
  return (await side.shown()).filter((m) => m.state !== 'received').map((m) => m.text);
}

/** What was sent so far is exactly this: one more message makes the end certain. */
async function expectSent(side: Conversation, texts: string[]): Promise<void> {
  await expect(side.field).toHaveValue('');
  await side.send('끝');
  await side.expectMessage('끝', /sent|delivered|seen/);
  expect(await own(side)).toEqual([...texts, '끝']);
}

// ---- the browser's own composition ----

/** Composes syllable by syllable and leaves the last one open. */
async function compose(cdp: CDPSession, syllables: string[][]): Promise<void> {
  for (const [n, steps] of syllables.entries()) {
    for (const text of steps) await cdp.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length });
    if (n < syllables.length - 1) await cdp.send('Input.insertText', { text: steps.at(-1)! });
  }
}

const HELLO = [['ㅇ', '아', '안'], ['ㄴ', '녀', '녕'], ['ㅎ', '하'], ['ㅅ', '세'], ['ㅇ', '요']];
const PROCESS = { key: 'Process', code: 'Enter', windowsVirtualKeyCode: 229, nativeVirtualKeyCode: 229 };
const ENTER = { key: 'Enter', code: 'Enter', windowsVirtualKeyCode: 13, nativeVirtualKeyCode: 13 };

// ---- event sequences, as recorded from systems ----

type Sequence = 'Chrome on Windows' | 'Chrome on macOS' | 'Safari';

/** Types `text` as the input method of a system does; its last part is open at Enter. */
async function replay(side: Conversation, text: string, open: string, how: Sequence): Promise<void> {
  await side.field.evaluate(
    async (element, { text, open, how }) => {
      const field = element as HTMLTextAreaElement;
      field.focus();
      const turn = () => new Promise((resolve) => setTimeout(resolve, 0));
      const key = (type: string, init: KeyboardEventInit & { keyCode: number }) =>
        field.dispatchEvent(new KeyboardEvent(type, { bubbles: true, cancelable: true, code: 'Enter', ...init } as KeyboardEventInit));
      const composition = (type: string, data: string) => field.dispatchEvent(new CompositionEvent(type, { bubbles: true, data }));
      const write = (value: string, inputType: string, isComposing: boolean) => {
        field.value = value;
        field.dispatchEvent(new InputEvent('input', { bubbles: true, inputType, isComposing }));
      };
      const lineBreak = () => {
        const event = new InputEvent('beforeinput', { bubbles: true, cancelable: true, inputType: 'insertLineBreak' });
        if (field.dispatchEvent(event)) write(`${field.value}\n`, 'insertLineBreak', false);
      };
      write(text.slice(0, text.length - open.length), 'insertText', false);
      composition('compositionstart', '');
      composition('compositionupdate', open);
      write(text, 'insertCompositionText', true);
      await turn();
      const commit = () => {
        composition('compositionend', open);
        write(field.value, 'insertFromComposition', false);
      };
      switch (how) {
        case 'Chrome on Windows':
          key('keydown', { key: 'Process', keyCode: 229, isComposing: true });
          commit();
          await turn();
          // The same press tells its Enter afterwards.
          if (key('keydown', { key: 'Enter', keyCode: 13 })) lineBreak();
          key('keyup', { key: 'Enter', keyCode: 13 });
          break;
        case 'Chrome on macOS':
          key('keydown', { key: 'Enter', keyCode: 229, isComposing: true });
          commit();
          lineBreak();
          await turn();
          key('keyup', { key: 'Enter', keyCode: 13 });
          break;
        case 'Safari':
          commit();
          // Not composing any more, but the key still belongs to the input method.
          if (key('keydown', { key: 'Enter', keyCode: 229, isComposing: false })) lineBreak();
          await turn();
          key('keyup', { key: 'Enter', keyCode: 13 });
          break;
      }
      await turn();
    },
    { text, open, how },
  );
}

for (const [surface, open] of Object.entries(SURFACES)) {
  test.describe(surface, () => {
    test('안녕하세요⏎ by the browser: one message, whole', async ({ server, page }) => {
      const side = await open(page, server.origin);
      const cdp = await page.context().newCDPSession(page);
      await side.field.focus();
      await compose(cdp, HELLO);
      await expect(side.field).toHaveValue('안녕하세요');
      await cdp.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', ...PROCESS });
      await cdp.send('Input.insertText', { text: '요' });
      await cdp.send('Input.dispatchKeyEvent', { type: 'keyDown', ...ENTER, text: '\r' });
      await cdp.send('Input.dispatchKeyEvent', { type: 'keyUp', ...ENTER });
      await side.expectMessage('안녕하세요');
      await expectSent(side, ['안녕하세요']);
    });

    test('two messages in a row, one Enter each', async ({ server, page }) => {
      const side = await open(page, server.origin);
      const cdp = await page.context().newCDPSession(page);
      await side.field.focus();
      for (let n = 0; n < 2; n += 1) {
        await compose(cdp, HELLO);
        await cdp.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', ...PROCESS });
        await cdp.send('Input.insertText', { text: '요' });
        await cdp.send('Input.dispatchKeyEvent', { type: 'keyUp', ...ENTER });
        await expect(side.field).toHaveValue('');
      }
      await expectSent(side, ['안녕하세요', '안녕하세요']);
    });

    test('the button amid a syllable sends it whole', async ({ server, page }) => {
      const side = await open(page, server.origin);
      const cdp = await page.context().newCDPSession(page);
      await side.field.focus();
      await compose(cdp, HELLO);
      await side.sendButton.click();
      await side.expectMessage('안녕하세요');
      await expectSent(side, ['안녕하세요']);
    });

    for (const text of ['かな', '漢字']) {
      test(`${text}: Enter chooses, the next one sends`, async ({ server, page }) => {
        const side = await open(page, server.origin);
        const cdp = await page.context().newCDPSession(page);
        await side.field.focus();
        await compose(cdp, [['k', text]]);
        await cdp.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', ...PROCESS });
        await cdp.send('Input.insertText', { text });
        await cdp.send('Input.dispatchKeyEvent', { type: 'keyUp', ...ENTER });
        await expect(side.field).toHaveValue(text);
        expect(await own(side)).toEqual([]);
        await side.field.press('Enter');
        await side.expectMessage(text);
        await expectSent(side, [text]);
      });
    }

    for (const how of ['Chrome on Windows', 'Chrome on macOS', 'Safari'] as Sequence[]) {
      test(`안녕하세요⏎ as ${how} tells it`, async ({ server, page }) => {
        const side = await open(page, server.origin);
        await replay(side, '안녕하세요', '요', how);
        await side.expectMessage('안녕하세요');
        await replay(side, '또 만나요', '요', how);
        await expectSent(side, ['안녕하세요', '또 만나요']);
      });
    }
  });
}
