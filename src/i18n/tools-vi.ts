/** The words about tools, in Vietnamese. */
import type { ToolStrings } from './tools-en';

export const tools: ToolStrings = {
  letUse: 'Cho mô hình dùng {tool}?',
  wantsToUse: 'Mô hình muốn dùng {tool}. Câu hỏi nằm trong cuộc trò chuyện.',
  from: 'từ {host}',
  refuse: 'Từ chối',
  allowOnce: 'Cho phép một lần',
  dontAskAgain: 'Không hỏi lại trong cuộc trò chuyện này',
  given: 'Mô hình đưa vào',
  nothingGiven: 'Không kèm theo gì',
  result: 'Kết quả',
  toolStates: {
    waiting: 'đang chờ',
    asking: 'đang hỏi',
    running: 'đang chạy',
    done: 'xong',
    refused: 'bị từ chối',
    failed: 'thất bại',
    stopped: 'đã dừng',
  },
  noTools: '{model} không dùng được công cụ. Mô hình trả lời mà không có chúng.',
  serverAway: 'Hiện không dùng được các công cụ của {host}.',
  unanswered: 'Sau đó mô hình không trả lời.',
  dismiss: 'Đóng thông báo này',
};
