/** The words about conversations that are kept, and about messages that wait, in Vietnamese. */
import type { HistoryStrings } from './history-en';

export const history: HistoryStrings = {
  conversations: 'Các cuộc trò chuyện',
  search: 'Tìm cuộc trò chuyện',
  found: 'Tìm thấy {number}',
  untitled: 'Chưa có tên',
  rename: 'Đổi tên',
  renameOne: 'Đổi tên “{title}”',
  newTitle: 'Tên mới của “{title}”',
  export: 'Xuất',
  exportOne: 'Xuất “{title}”',
  asMarkdown: 'Để đọc (Markdown)',
  asJson: 'Để nhập lại (JSON)',
  delete: 'Xóa',
  deleteOne: 'Xóa “{title}”',
  deleted: 'Đã xóa',
  deletedMany: 'Đã xóa {number}',
  import: 'Nhập từ tệp …',
  deleteAll: 'Xóa tất cả',
  keptHere: 'Chỉ được lưu trong trình duyệt này: ai dùng trình duyệt này cũng đọc được.',
  nothingKept: { title: 'Chưa có cuộc trò chuyện nào', hint: 'Khi bạn đã hỏi điều gì đó, cuộc trò chuyện sẽ có ở đây.' },
  nothingFound: { title: 'Không tìm thấy', hint: 'Không có cuộc trò chuyện nào chứa “{query}”.' },
  picture: 'Hình',
  tool: 'Công cụ',
  dismiss: 'Đã hiểu',

  queueLabel: 'Tin nhắn tiếp theo',
  queued: 'Sẽ gửi khi câu trả lời kết thúc',
  queueHeld: 'Được giữ lại cho đến khi bạn gửi',
  sendNow: 'Gửi ngay',
  takeBack: 'Sửa',
  remove: 'Bỏ',

  notKept: {
    blocked: 'Trình duyệt không cho trang này lưu gì: cuộc trò chuyện sẽ mất khi bạn rời trang.',
    full: 'Trình duyệt đã hết chỗ lưu: bạn vẫn trò chuyện được, nhưng nội dung mới không được lưu cho đến khi bạn xóa bớt cuộc trò chuyện cũ.',
    newer: 'Cuộc trò chuyện này do một phiên bản mới hơn lưu: bản đó được giữ nguyên, còn những gì bạn viết bây giờ không được lưu.',
    damaged: 'Không đọc được một phần của cuộc trò chuyện này, nên phần đó bị lược bỏ.',
  },

  importErrors: {
    'not-json': 'Không đọc được tệp này: hãy chọn một tệp đã xuất dạng JSON.',
    'not-a-conversation': 'Tệp này không chứa cuộc trò chuyện: hãy chọn một tệp đã xuất dạng JSON.',
    newer: 'Tệp này thuộc một phiên bản mới hơn: hãy nhập lại sau khi khung trò chuyện này được cập nhật.',
    'bad-message': 'Không đọc được tin nhắn thứ {number} trong tệp: hãy xuất lại cuộc trò chuyện.',
    'too-large': 'Tệp này quá lớn: hãy chọn một tệp nhỏ hơn.',
  },
};
