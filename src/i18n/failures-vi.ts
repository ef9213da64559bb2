/** The words about failures, in Vietnamese. */
import type { FailureStrings } from './failures-en';

export const failures: FailureStrings = {
  onPhone: 'Mô hình chạy trên máy tính. Hãy mở trang này ở đó.',

  tokens: 'Có {promptTokens} token, mô hình đọc được {contextLength}.',
  answersNow: 'Máy chủ đã trả lời. Hãy thử lại.',
  signIn: 'Đăng nhập tại {host}',
  fetchModel: 'Tải {model} về',
  serverSaid: 'Máy chủ cho biết',
  modelServer: 'Máy chủ mô hình',

  errors: {
    'bad-url': {
      title: 'Địa chỉ máy chủ không hợp lệ',
      hint: 'Không đọc được “{url}”. Hãy đặt thuộc tính “url” thành một địa chỉ như http://localhost:11434.',
    },
    unreachable: {
      title: '{server} trên {place} không trả lời',
      hint: 'Máy chủ chưa chạy, hoặc ở một địa chỉ khác.',
    },
    offline: {
      title: 'Bạn đang ngoại tuyến',
      hint: 'Tin nhắn của bạn được giữ lại. Hãy thử lại khi có kết nối.',
    },
    'origin-refused': {
      title: '{server} đang chạy, nhưng không chấp nhận trang này',
      hint: 'Hãy để Ollama chấp nhận các trang từ {origin}:',
    },
    'blocked-by-csp': {
      title: 'Chính sách của trang này chặn máy chủ',
      hint: 'Hãy cho phép máy chủ trong Content-Security-Policy của trang:',
    },
    'mixed-content': {
      title: 'Trang này không thể gọi máy chủ qua http thường',
      hint: 'Trang được tải qua https, nên trình duyệt chặn http://{place}. Hãy cho máy chủ một địa chỉ https, chẳng hạn qua một cổng.',
    },
    'local-network': {
      title: 'Không thể kết nối {server} trên {place}',
      hint: 'Trình duyệt hỏi liệu trang này được truy cập các ứng dụng và dịch vụ khác trên thiết bị này, hoặc các thiết bị trong mạng cục bộ: hãy cho phép. Nếu không có câu hỏi, máy chủ chưa chạy.',
    },
    redirected: {
      title: 'Máy chủ chuyển cuộc trò chuyện đi nơi khác',
      hint: 'Phiên của bạn có thể đã hết. Hãy tải lại trang và đăng nhập khi được hỏi.',
    },
    'no-answer': {
      title: 'Kết nối kết thúc mà không có câu trả lời',
      hint: 'Máy chủ, hoặc proxy phía trước, đã bỏ cuộc, hoặc trả lời điều mà trang này không được đọc. Hãy thử lại; nhật ký ở đó cho biết thêm.',
    },
    'bad-headers': {
      title: 'Trang này không đưa được khóa của mình',
      hint: 'Các header mà trang đặt bị lỗi, hoặc không thể gửi đi. Hãy tải lại trang, và đăng nhập khi được hỏi.',
    },
    'host-refused': {
      title: 'Máy chủ từ chối mà không nói gì',
      hint: 'Ollama làm vậy khi proxy phía trước chuyển đến tên hoặc nguồn gốc trang mà nó không biết. Chẳng hạn trong nginx:',
    },
    proxy: {
      title: 'Máy chủ mô hình không trả lời',
      hint: 'Proxy phía trước báo như vậy (mã {status}). Hãy khởi động máy chủ, hoặc xem nhật ký của proxy.',
    },
    'not-ollama': {
      title: 'Nơi trả lời không phải là Ollama',
      hint: 'Hãy kiểm tra địa chỉ {place}, hoặc proxy phía trước (mã {status}).',
    },
    unauthorized: {
      title: 'Máy chủ từ chối yêu cầu này',
      hint: 'Máy chủ yêu cầu đăng nhập hoặc khóa truy cập (mã {status}).',
    },
    'sign-in': {
      title: 'Mô hình này chạy trên đám mây của Ollama',
      hint: 'Hãy đăng nhập ở đó rồi thử lại:',
    },
    'cloud-unavailable': {
      title: 'Không kết nối được đám mây của Ollama',
      hint: 'Mô hình này chạy ở đó. Hãy chọn một mô hình đã cài đặt, hoặc kiểm tra kết nối của máy chủ.',
    },
    busy: {
      title: 'Máy chủ đang bận',
      hint: 'Có quá nhiều câu hỏi đang chờ. Hãy thử lại sau giây lát.',
    },
    timeout: {
      title: 'Không có phản hồi trong {time}',
      hint: 'Mô hình lớn có thể cần nhiều thời gian hơn để tải: hãy thử lại, hoặc tăng thuộc tính “timeout”.',
    },
    'no-model': {
      title: '{server} chưa có mô hình nào để trò chuyện',
      hint: 'Hãy tải một mô hình rồi thử lại:',
    },
    'model-missing': {
      title: 'Chưa cài đặt mô hình {model}',
      hint: 'Hãy tải về rồi thử lại:',
    },
    'model-incompatible': {
      title: 'Mô hình {model} không hợp với phiên bản Ollama này',
      hint: 'Hãy cập nhật Ollama, hoặc tải lại mô hình:',
    },
    'capability-missing': {
      title: 'Mô hình {model} không làm được việc này',
      hint: 'Mô hình thiếu “{capability}”. Hãy chọn một mô hình có khả năng đó.',
    },
    'out-of-memory': {
      title: 'Không đủ bộ nhớ cho mô hình này',
      hint: 'Hãy đóng bớt chương trình trên máy chủ, hoặc chọn mô hình nhỏ hơn.',
    },
    crashed: {
      title: 'Mô hình đã dừng trên máy chủ',
      hint: 'Tiến trình của nó đã kết thúc. Hãy thử lại; nếu lặp lại, chọn mô hình nhỏ hơn hoặc xem nhật ký của Ollama.',
    },
    'load-timeout': {
      title: 'Mô hình tải quá lâu',
      hint: 'Máy chủ đã bỏ cuộc. Hãy thử lại, hoặc chọn mô hình nhỏ hơn.',
    },
    'too-long': {
      title: 'Cuộc trò chuyện quá dài đối với mô hình',
      hint: 'Hãy rút ngắn tin nhắn, hoặc bắt đầu cuộc trò chuyện mới.',
    },
    'bad-request': {
      title: 'Máy chủ không chấp nhận yêu cầu này',
      hint: 'Một thiết lập của cuộc trò chuyện có giá trị mà máy chủ không biết.',
    },
    'bad-tool-call': {
      title: 'Mô hình viết một lệnh gọi công cụ không đọc được',
      hint: 'Hãy thử lại, hoặc chọn mô hình khác.',
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
    'part-missing': {
      title: 'Không tải được một phần của cuộc trò chuyện',
      hint: 'Tệp parts/{part}.js phải nằm cạnh tập lệnh.',
    },
    server: {
      title: 'Máy chủ báo lỗi',
      hint: 'Lời của máy chủ giúp tìm nguyên nhân.',
    },
  },

  variants: {
    refusedElsewhere: {
      title: 'Máy chủ tại {place} không chấp nhận trang này',
      hint: 'Máy chủ, hoặc proxy phía trước, trả lời mà không cho phép {origin}. Trang lỗi của chính proxy (502, 504) trông cũng như vậy.',
    },
    refusedNull: {
      title: '{server} đang chạy, nhưng không chấp nhận trang này',
      hint: 'Trang không có địa chỉ để cho phép: đó là một tệp, hoặc nằm trong khung sandbox. Hãy mở trang từ một máy chủ web, chẳng hạn trên http://localhost.',
    },
    notAModelServer: {
      title: 'Nơi trả lời không phải là máy chủ mô hình',
      hint: 'Hãy kiểm tra địa chỉ {place}, hoặc proxy phía trước (mã {status}).',
    },
    modelUnknown: {
      title: 'Máy chủ không có mô hình {model}',
      hint: 'Hãy kiểm tra cách viết trong thuộc tính model, hoặc bỏ nó đi để chọn trong các mô hình hiện có.',
    },
    nothingListed: {
      title: 'Máy chủ mô hình không liệt kê mô hình nào',
      hint: 'Hãy nạp một mô hình ở đó, hoặc ghi tên mô hình trong thuộc tính model.',
    },
    headersRefused: {
      title: 'Máy chủ không chấp nhận header của trang này',
      hint: 'Máy chủ chấp nhận trang, nhưng không kèm {refused}. Bản thân Ollama chỉ nhận Authorization làm khóa; proxy phía trước có thể nhận thêm, chẳng hạn nginx:',
    },
    localDenied: {
      title: 'Trình duyệt không cho trang này đến {place}',
      hint: 'Trang này chưa được phép. Để hoàn tác, mở cài đặt trang bên trái địa chỉ, cho phép “Ứng dụng trên thiết bị” và “Mạng cục bộ”, rồi tải lại.',
    },
    localInsecure: {
      title: 'Không thể kết nối {server} trên {place}',
      hint: 'Máy chủ chưa chạy, hoặc trình duyệt chặn: chỉ các trang https được truy cập máy tính của bạn. Hãy mở trang này qua https.',
    },
    localEmbedded: {
      title: 'Không thể kết nối {server} trên {place}',
      hint: 'Máy chủ chưa chạy, hoặc trình duyệt chặn: trang này nằm trong khung của một trang khác, trang đó phải cho phép:',
    },
    stalled: {
      title: 'Câu trả lời bị đứng lại',
      hint: 'Không có phản hồi trong {time}. Phần đã nhận được giữ lại.',
    },
    bodyTooLong: {
      title: 'Cuộc trò chuyện quá dài đối với máy chủ',
      hint: 'Proxy phía trước không nhận yêu cầu lớn như vậy. Hãy bắt đầu cuộc trò chuyện mới, hoặc tăng giới hạn (trong nginx: client_max_body_size).',
    },
    busyFor: {
      title: 'Máy chủ đang bận',
      hint: 'Máy chủ đề nghị thử lại sau {time}.',
    },
  },

  system: 'Hệ điều hành của bạn',
  once: 'Một lần',
  startOllama: 'Khởi động Ollama:',
  setOrigin: 'Cho Ollama biết địa chỉ của trang này. Đã đặt rồi? Thêm địa chỉ sau dấu phẩy, không có khoảng trắng.',
  openSettings: 'Mở thiết lập của Ollama:',
  addLines: 'Thêm hai dòng này. Đã có sẵn? Thêm địa chỉ sau dấu phẩy, không có khoảng trắng.',
  restart: 'Khởi động lại:',
  restartMac: 'Thoát Ollama trên thanh menu, rồi mở lại.',
  restartWindows: 'Thoát Ollama trên thanh tác vụ, rồi khởi động lại.',
  runContainer: 'Xóa container, rồi khởi động lại với địa chỉ:',
  runOnce: 'Thoát Ollama, rồi khởi động trong cửa sổ lệnh. Có hiệu lực cho đến khi bạn đóng cửa sổ.',
  allowInServer: 'Cho phép trang trong thiết lập của máy chủ, hoặc trong proxy phía trước, chẳng hạn nginx:',
  allowInProxy: 'Cho phép trang trong thiết lập của Ollama, hoặc trong proxy, chẳng hạn nginx:',
  why: 'Vì sao như vậy',
  whyOrigin:
    'Ollama trả lời các trang trên máy tính này, còn trang khác thì chỉ khi thiết lập OLLAMA_ORIGINS có địa chỉ của chúng. Trình duyệt không cho các trang khác đọc câu trả lời.',
};
