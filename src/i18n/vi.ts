/** Every word of the interface, in Vietnamese. */
import type { Strings } from './en';

export const vi: Strings = {
  heading: 'Trò chuyện',
  placeholder: 'Nhập tin nhắn',
  greeting: 'Bạn muốn hỏi gì?',

  source: 'Câu trả lời đến từ {model} trên {place} và có thể sai.',
  sourceNoModel: 'Câu trả lời đến từ một mô hình trên {place} và có thể sai.',
  private: 'Không có gì rời khỏi máy.',
  thisComputer: 'máy tính này',

  log: 'Tin nhắn',
  you: 'Bạn',
  answer: 'Trả lời',
  send: 'Gửi',
  stop: 'Dừng',
  copy: 'Sao chép',
  copied: 'Đã sao chép',
  copyFailed: 'Không thể sao chép ở đây',
  plainText: 'Quá phức tạp để định dạng: hiển thị dạng văn bản thường.',
  loadPicture: 'Tải hình từ {host}',
  pictureLoading: 'Đang tải …',
  pictureFailed: 'Không tải được hình từ {host}',
  alerts: { note: 'Ghi chú', tip: 'Mẹo', important: 'Quan trọng', warning: 'Cảnh báo', caution: 'Thận trọng' },
  regenerate: 'Trả lời lại',
  continue: 'Tiếp tục',
  tryAgain: 'Thử lại',
  jump: 'Đến tin mới nhất',
  newChat: 'Cuộc trò chuyện mới',
  chatCleared: 'Đã bắt đầu cuộc trò chuyện mới',
  undo: 'Hoàn tác',
  open: 'Mở trò chuyện',
  openNew: 'Mở trò chuyện, có câu trả lời mới',
  close: 'Đóng',

  thinking: 'Đang suy nghĩ …',
  thoughtFor: 'Đã suy nghĩ {time}',
  thought: 'Suy nghĩ',
  waitingFor: 'Đang chờ {model}',
  answering: 'Đang trả lời …',
  timed: '{what} (đã {time})',
  stopped: 'Đã dừng',
  interrupted: 'Câu trả lời bị ngắt tại đây',
  unanswered: 'Chưa được trả lời',
  seconds: '{n} giây',
  minutes: '{m} phút {n} giây',

  modelReady: 'đã tải',
  modelLoading: 'đang tải',
  modelFailed: 'lỗi',

  loading: 'Đang tải {model}',
  reading: 'Đang đọc yêu cầu',
  retrying: 'Máy chủ đang bận. Đang thử lại ({attempt}/{of})',
  mayAsk:
    'Trình duyệt có thể hỏi liệu trang này được truy cập các ứng dụng trên thiết bị hoặc mạng cục bộ của bạn không. Hãy cho phép: mô hình chạy ở đó.',

  notAvailable: { title: 'Hiện không thể trò chuyện', hint: 'Vui lòng thử lại sau.' },
  offline: 'Bạn đang ngoại tuyến',
  forOwner: 'Dành cho chủ trang web này',
  policyMissing: 'Content-Security-Policy của trang phải cho phép trusted-types ollama-chat ollama-chat-lit.',
};
