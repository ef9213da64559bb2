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
  waiting: 'Đang chờ {model} … {time}',
  stopped: 'Đã dừng',
  interrupted: 'Câu trả lời bị ngắt tại đây',
  unanswered: 'Chưa được trả lời',
  seconds: '{n} giây',
  minutes: '{m} phút {n} giây',

  modelReady: 'đã tải',
  modelLoading: 'đang tải',
  modelFailed: 'lỗi',
  noModel: 'chưa có mô hình',

  notAvailable: { title: 'Hiện không thể trò chuyện', hint: 'Vui lòng thử lại sau.' },
  forOwner: 'Dành cho chủ trang web này',
  policyMissing: 'Content-Security-Policy của trang phải cho phép trusted-types ollama-chat ollama-chat-lit.',
  serverSaid: 'Máy chủ cho biết',
  tokens: 'Có {promptTokens} token, mô hình đọc được {contextLength}.',
  startOllama: 'Khởi động Ollama:',
  allowPage: 'Ollama đang chạy? Hãy cho phép trang này. Trước hết thoát Ollama:',

  errors: {
    'bad-url': {
      title: 'Địa chỉ máy chủ không hợp lệ',
      hint: 'Không đọc được “{url}”. Hãy đặt thuộc tính “url” thành một địa chỉ như http://localhost:11434.',
    },
    unreachable: {
      title: 'Ollama trên {place} không trả lời',
      hint: 'Ollama chưa chạy, hoặc không chấp nhận trang này.',
    },
    'no-model': {
      title: 'Ollama chưa có mô hình nào để trò chuyện',
      hint: 'Hãy tải một mô hình rồi thử lại:',
    },
    'model-missing': {
      title: 'Chưa cài đặt mô hình {model}',
      hint: 'Hãy tải về rồi thử lại:',
    },
    'out-of-memory': {
      title: 'Không đủ bộ nhớ cho mô hình này',
      hint: 'Hãy đóng bớt chương trình trên máy chủ, hoặc chọn mô hình nhỏ hơn.',
    },
    busy: {
      title: 'Máy chủ đang bận',
      hint: 'Có quá nhiều câu hỏi đang chờ. Hãy thử lại sau giây lát.',
    },
    'too-long': {
      title: 'Cuộc trò chuyện quá dài đối với mô hình',
      hint: 'Hãy rút ngắn tin nhắn, hoặc bắt đầu cuộc trò chuyện mới.',
    },
    unauthorized: {
      title: 'Máy chủ từ chối yêu cầu này',
      hint: 'Máy chủ yêu cầu đăng nhập hoặc khóa truy cập (mã {status}).',
    },
    'not-ollama': {
      title: 'Nơi trả lời không phải là Ollama',
      hint: 'Hãy kiểm tra địa chỉ {place}, hoặc proxy phía trước (mã {status}).',
    },
    interrupted: {
      title: 'Câu trả lời bị gián đoạn',
      hint: 'Kết nối kết thúc sớm. Phần đã nhận được giữ lại.',
    },
    'bad-line': {
      title: 'Không đọc được câu trả lời',
      hint: 'Phần đã nhận được giữ lại.',
    },
    'too-large': {
      title: 'Câu trả lời quá dài để hiển thị',
      hint: 'Phần đã nhận được giữ lại.',
    },
    'empty-reply': {
      title: 'Mô hình không trả lời gì',
      hint: 'Hãy thử lại, hoặc hỏi theo cách khác.',
    },
    server: {
      title: 'Máy chủ báo lỗi',
      hint: 'Lời của máy chủ giúp tìm nguyên nhân.',
    },
  },
};
