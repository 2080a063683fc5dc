import { answerCommands } from './smart-card.js';

const answerTo = (command: string) => answerCommands([{ type: 'APDU', command }]).responses[0];

describe('the chip', () => {
  it.each([
    ['the selection of a file', '00A4040007A0000000031010', /^6F(?:[0-9A-F]{2})+9000$/],
    ['a challenge of eight bytes', '0084000008', /^[0-9A-F]{16}9000$/],
    ['sixteen bytes of a file', '00B0000010', /^[0-9A-F]{32}9000$/],
    ['a PIN', '0020000004', /^9000$/],
    ['an instruction that it does not know', '00FF000000', /^6D00$/],
    ['what is no command', '00A4', /^6700$/],
    ['half a byte', '00A404000', /^6700$/],
  ])('answers to %s with data of its form and a status word', (_, command, answer) => {
    expect(answerTo(command)).toMatch(answer);
  });

  it('gives back the same bytes of a file each time, and others for another place', () => {
    expect(answerTo('00B0000010')).toBe(answerTo('00b0000010'));
    expect(answerTo('00B0001010')).not.toBe(answerTo('00B0000010'));
  });
});
